"""Words → mentions: windows over long text, backends, decoding, label schemes. Importing it loads no backend."""
