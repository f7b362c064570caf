// The words of the page in its two languages.

const WORDS = {
  en: {
    skip: "To the text field", lead: "Entities and relations from Arabic news text", input: "Arabic text",
    date: "Written on (optional)", score: "Least score", token: "Token", read: "Read", example: "An example",
    text: "Text", claims: "Relations", noClaims: "No relation was found.", graph: "Graph", entities: "Entities",
    name: "Name", type: "Type", english: "In English", aliases: "Also written", near: "Rules that came near",
    nearAbout: "Their word is in the text, yet they claim nothing; here is why.", copy: "Copy", download: "Download",
    api: "API", reading: "Reading …", nothing: "Paste a text first.", copied: "Copied.", unreached: "The server does not answer.",
    wantsToken: "This server wants a token.", retry: "Try again in {0} s.", done: "{0} entities, {1} relations",
    rule: "Rule", trigger: "hangs on", took: "took", pattern: "pattern", file: "file", scored: "score", role: "post",
    name_how: "a name", date_how: "a date", pronoun_how: "a pronoun", unsaid_how: "unsaid",
    negated: "negated", planned: "planned", former: "former", suspended: "suspended", reason: "why not",
    would: "would claim", PER: "person", LOC: "place", ORG: "organisation", MISC: "other",
    underlined: "underlined only: demonym or description",
  },
  ar: {
    skip: "إلى حقل النص", lead: "الكيانات والعلاقات في نص إخباري عربي", input: "النص العربي",
    date: "تاريخ الكتابة (اختياري)", score: "أدنى درجة", token: "رمز الدخول", read: "اقرأ", example: "مثال",
    text: "النص", claims: "العلاقات", noClaims: "لم توجد علاقة.", graph: "الرسم", entities: "الكيانات",
    name: "الاسم", type: "النوع", english: "بالإنجليزية", aliases: "يكتب أيضاً", near: "قواعد كادت تنطبق",
    nearAbout: "كلمتها في النص لكنها لا تقول شيئاً، والسبب هنا.", copy: "نسخ", download: "تنزيل",
    api: "الواجهة البرمجية", reading: "قراءة …", nothing: "ألصق نصاً أولاً.", copied: "نُسخ.", unreached: "الخادم لا يجيب.",
    wantsToken: "يطلب هذا الخادم رمز دخول.", retry: "حاول بعد {0} ثانية.", done: "الكيانات: {0}، العلاقات: {1}",
    rule: "القاعدة", trigger: "كلمتها", took: "أخذت", pattern: "النمط", file: "الملف", scored: "الدرجة", role: "المنصب",
    name_how: "اسم", date_how: "تاريخ", pronoun_how: "ضمير", unsaid_how: "مقدر",
    negated: "منفي", planned: "مخطط له", former: "سابقاً", suspended: "معلّق", reason: "لماذا لا",
    would: "كانت ستقول", PER: "شخص", LOC: "مكان", ORG: "جهة", MISC: "آخر",
    underlined: "تحته خط فقط: نسبة أو وصف",
  },
};

let language = (navigator.language || "en").toLowerCase().startsWith("ar") ? "ar" : "en";

export function word(name, ...values) {
  return values.reduce((text, value, n) => text.replace(`{${n}}`, value), WORDS[language][name] ?? name);
}

export function number(value) {
  return new Intl.NumberFormat(language === "ar" ? "ar-u-nu-latn" : "en", { maximumFractionDigits: 2 }).format(value);
}

export function currentLanguage() {
  return language;
}

export function setLanguage(wanted) {
  language = wanted;
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  const button = document.getElementById("language");
  button.textContent = language === "ar" ? "English" : "العربية";
  button.lang = language === "ar" ? "en" : "ar";
}
