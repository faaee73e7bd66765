using System.IO.Compression;
using System.Net;
using System.Text;
using OrleansBackup.Portal.Previews;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Previews;

/// <summary>Office documents of strangers: their text is read, and nothing else of them happens.</summary>
public sealed class OfficeTextTests
{
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main", Draw = "http://schemas.openxmlformats.org/drawingml/2006/main", Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Fact]
    public void A_text_document_gives_its_paragraphs()
    {
        var file = Zip(("word/document.xml", $"<w:document xmlns:w='{Word}'><w:body><w:p><w:r><w:t>Beste </w:t><w:t>collega</w:t></w:r></w:p><w:p><w:r><w:t>Eén</w:t><w:tab/><w:t>Twee</w:t></w:r></w:p></w:body></w:document>"));

        Assert.Equal(("Beste collega\nEén\tTwee", false), OfficeText.Of(file, ".docx"));
    }

    [Fact]
    public void Slides_come_in_their_order()
    {
        static string Slide(string text) => $"<p:sld xmlns:p='urn:p' xmlns:a='{Draw}'><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>";
        var file = Zip(("ppt/slides/slide10.xml", Slide("tien")), ("ppt/slides/slide2.xml", Slide("twee")), ("ppt/slides/slide1.xml", Slide("een")), ("ppt/slides/_rels/slide1.xml.rels", "<x/>"));

        Assert.Equal(["een", "twee", "tien"], OfficeText.Of(file, ".pptx")!.Value.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_sheet_gives_a_line_for_each_row_with_its_values_and_no_formulas()
    {
        var file = Zip(
            ("xl/sharedStrings.xml", $"<sst xmlns='{Sheet}'><si><t>Naam</t></si><si><r><t>Om</t></r><r><t>zet</t></r></si></sst>"),
            ("xl/worksheets/sheet1.xml", $"<worksheet xmlns='{Sheet}'><sheetData><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row><row><c t='inlineStr'><is><t>Jan</t></is></c><c><f>HYPERLINK(\"https://evil.example\")</f><v>12.5</v></c></row></sheetData></worksheet>"));

        Assert.Equal(("Naam\tOmzet\nJan\t12.5", false), OfficeText.Of(file, ".xlsx"));
    }

    [Fact]
    public void An_open_document_gives_its_paragraphs()
    {
        const string text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";
        var file = Zip(("content.xml", $"<o xmlns:text='{text}'><text:h>Kop</text:h><text:p>Een <text:span>zin</text:span>.</text:p></o>"));

        Assert.Equal(["Kop", "Een zin."], OfficeText.Of(file, ".odt")!.Value.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_document_that_unpacks_to_gigabytes_is_read_up_to_its_bound()
    {
        var bomb = Zip(("word/document.xml", $"<w:document xmlns:w='{Word}'><w:body><w:p><w:r><w:t>begin</w:t><w:t>{new string('x', 40_000_000)}</w:t></w:r></w:p></w:body></w:document>"));

        var (text, isCut) = OfficeText.Of(bomb, ".docx")!.Value;

        Assert.InRange(bomb.Length, 1, 100_000);
        Assert.True(isCut);
        Assert.StartsWith("begin", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 5, OfficeText.MostUnpacked);
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]><x>&b;</x>")]
    [InlineData("<x>")]
    [InlineData("no xml")]
    public void Xml_that_wants_more_than_to_be_read_is_no_document(string xml) => Assert.Null(OfficeText.Of(Zip(("word/document.xml", xml)), ".docx"));

    [Fact]
    public void What_is_no_zip_or_has_no_text_part_is_no_document()
    {
        Assert.Null(OfficeText.Of([], ".docx"));
        Assert.Null(OfficeText.Of(Encoding.UTF8.GetBytes("PK\u0003\u0004 but nothing more"), ".xlsx"));
        Assert.Null(OfficeText.Of(Zip(("../../evil.xml", "<x/>")), ".docx"));
    }

    [Fact]
    public async Task The_reading_pane_shows_the_text_as_text_and_says_what_is_left_out()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        host.World.Mailbag.File2 = ("offerte.docx", Zip(("word/document.xml", $"<w:document xmlns:w='{Word}'><w:body><w:p><w:r><w:t>{WebUtility.HtmlEncode(Estate.HostileName)}</w:t></w:r></w:p></w:body></w:document>")));

        var document = await PreviewAsync(client);
        host.World.Mailbag.File2 = ("offerte.docx", [1, 2, 3]);
        var damaged = await PreviewAsync(client);
        host.World.Mailbag.File2 = ("offerte.pdf", Encoding.UTF8.GetBytes("%PDF-1.7"));
        var pdf = await PreviewAsync(client);

        Assert.Contains("Only the text of the document", document, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;document.title=", document, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", document, StringComparison.Ordinal);
        Assert.Contains("This document cannot be read", damaged, StringComparison.Ordinal);
        Assert.Contains("nothing here draws it safely", pdf, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_message_shows_the_pictures_that_are_its_own_and_are_pictures()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var shown = await client.GetStringAsync(new Uri($"{ContentPages.Point}/preview?item={Mailbag.Post}", UriKind.Relative));

        Assert.Equal(1, shown.Split("<img src=\"data:image/png;base64,").Length - 1);
        Assert.Contains("2 pictures are not shown", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("graph.microsoft.com", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("svg", shown, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<string> PreviewAsync(HttpClient client) => client.GetStringAsync(new Uri($"{ContentPages.Point}/preview?item={Mailbag.Document}", UriKind.Relative));

    private static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in parts)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }
        return file.ToArray();
    }
}
