using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace OrleansBackup.Portal.Previews;

/// <summary>The text of an office document, without its looks: what a person needs to see whether it is the one that he wants back.</summary>
/// <remarks>
/// Such a file is a .zip of XML (ECMA-376, ISO/IEC 26300), and a stranger's: so it is unpacked by bounds that no size in it can move, part by part, nothing of it is kept or followed, no entity of its XML is
/// resolved, and only text comes out. Formulas, macros, embedded objects and pictures are not looked at.
/// </remarks>
internal static class OfficeText
{
    /// <summary>As much as is unpacked of one part, and written of all of them.</summary>
    public const int MostUnpacked = 6_000_000, MostWritten = 300_000;

    private const int MostParts = 200, MostCells = 200;

    public static readonly ImmutableHashSet<string> Files = [".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".pptx", ".pptm", ".odt", ".ods", ".odp"];

    /// <returns>Null: it is no such file, is locked with a password, or is damaged.</returns>
    public static (string Text, bool IsCut)? Of(byte[] file, string extension)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(file, writable: false), ZipArchiveMode.Read);
            var text = new StringBuilder();
            var parts = Parts(zip, extension);
            var shared = extension.StartsWith(".xls", StringComparison.Ordinal) && zip.GetEntry("xl/sharedStrings.xml") is { } strings ? SharedStrings(strings) : [];
            var isCut = parts.Count > MostParts;
            foreach (var part in parts.Take(MostParts))
                isCut |= !(extension.StartsWith(".xls", StringComparison.Ordinal) ? Sheet(part, shared, text) : Paragraphs(part, text));
            return parts.Count == 0 ? null : (text.ToString().Trim(), isCut);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or XmlException or IOException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    private static List<ZipArchiveEntry> Parts(ZipArchive zip, string extension) => extension switch
    {
        ".docx" or ".docm" or ".dotx" => Named(zip, "word/document.xml"),
        ".odt" or ".ods" or ".odp" => Named(zip, "content.xml"),
        ".pptx" or ".pptm" => Numbered(zip, "ppt/slides/slide"),
        _ => Numbered(zip, "xl/worksheets/sheet"),
    };

    private static List<ZipArchiveEntry> Named(ZipArchive zip, string name) => zip.GetEntry(name) is { } entry ? [entry] : [];

    private static List<ZipArchiveEntry> Numbered(ZipArchive zip, string begin) =>
    [
        .. zip.Entries.Where(entry => entry.FullName.StartsWith(begin, StringComparison.Ordinal) && entry.FullName.EndsWith(".xml", StringComparison.Ordinal))
            .Select(entry => (Entry: entry, Number: int.TryParse(entry.FullName.AsSpan(begin.Length)[..^4], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0))
            .Where(one => one.Number > 0).OrderBy(one => one.Number).Select(one => one.Entry),
    ];

    /// <summary>Text documents and slides: the text of each paragraph on its line.</summary>
    /// <returns>False: its end is missing.</returns>
    private static bool Paragraphs(ZipArchiveEntry part, StringBuilder text)
    {
        using var bounded = new BoundedStream(part.Open(), MostUnpacked);
        using var xml = Open(bounded);
        var inText = 0;
        while (Next(xml, bounded))
        {
            if (text.Length > MostWritten)
                return false;
            // In OpenDocument all text in a paragraph or a heading is its text; in Office Open XML only what stands in an element called t.
            var holdsText = xml.LocalName is "t" || (xml.LocalName is "p" or "h" && xml.NamespaceURI.StartsWith("urn:oasis:", StringComparison.Ordinal));
            switch (xml.NodeType)
            {
                case XmlNodeType.Element when holdsText && !xml.IsEmptyElement:
                    inText++;
                    break;
                case XmlNodeType.EndElement when holdsText:
                    inText--;
                    if (xml.LocalName != "t")
                        text.Append('\n');
                    break;
                case XmlNodeType.Element when xml.LocalName is "tab":
                    text.Append('\t');
                    break;
                case XmlNodeType.Element when xml.LocalName is "br" or "line-break":
                case XmlNodeType.EndElement when xml.LocalName is "p":
                    text.Append('\n');
                    break;
                case XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when inText > 0:
                    text.Append(xml.Value);
                    break;
            }
        }
        text.Append('\n');
        return !bounded.IsOver;
    }

    private static List<string> SharedStrings(ZipArchiveEntry part)
    {
        using var bounded = new BoundedStream(part.Open(), MostUnpacked);
        using var xml = Open(bounded);
        var (strings, one) = (new List<string>(), new StringBuilder());
        while (Next(xml, bounded))
            if (xml.NodeType == XmlNodeType.Text)
                one.Append(xml.Value);
            else if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "si" } or { NodeType: XmlNodeType.Element, LocalName: "si", IsEmptyElement: true })
            {
                strings.Add(one.ToString());
                one.Clear();
            }
        return strings;
    }

    /// <summary>A sheet: a row on each line, its cells with tabs between.</summary>
    private static bool Sheet(ZipArchiveEntry part, List<string> shared, StringBuilder text)
    {
        using var bounded = new BoundedStream(part.Open(), MostUnpacked);
        using var xml = Open(bounded);
        var (isShared, inValue, cells) = (false, false, 0);
        while (Next(xml, bounded))
        {
            if (text.Length > MostWritten)
                return false;
            switch (xml.NodeType, xml.LocalName)
            {
                case (XmlNodeType.Element, "c"):
                    isShared = xml.GetAttribute("t") == "s";
                    if (cells++ > 0 && cells <= MostCells)
                        text.Append('\t');
                    break;
                case (XmlNodeType.Element, "v" or "t"):
                    inValue = !xml.IsEmptyElement;
                    break;
                case (XmlNodeType.EndElement, "v" or "t"):
                    inValue = false;
                    break;
                case (XmlNodeType.EndElement, "row"):
                    text.Append('\n');
                    cells = 0;
                    break;
                case (XmlNodeType.Text, _) when inValue && cells <= MostCells:
                    text.Append(!isShared ? xml.Value : int.TryParse(xml.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < shared.Count ? shared[at] : "");
                    break;
            }
        }
        text.Append('\n');
        return !bounded.IsOver;
    }

    // At its bound a part ends in the middle of an element: what came before it counts.
    private static bool Next(XmlReader xml, BoundedStream bounded)
    {
        try
        {
            return xml.Read();
        }
        catch (XmlException) when (bounded.IsOver)
        {
            return false;
        }
    }

    private static XmlReader Open(Stream part) => XmlReader.Create(part, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = false });

    /// <summary>Ends after so many bytes, whatever the .zip says of its size.</summary>
    private sealed class BoundedStream(Stream inner, int left) : Stream
    {
        private int _left = left;

        public bool IsOver { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, Math.Min(count, _left));
            _left -= read;
            IsOver |= _left == 0;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
