using System.Collections.Immutable;
using System.Text;
using OrleansBackup.TimeTravel.Imap.Answers;
using OrleansBackup.TimeTravel.Imap.Mime;
using OrleansBackup.TimeTravel.Tests.Given;

namespace OrleansBackup.TimeTravel.Tests.Imap;

/// <summary>Parts of messages are found where they lie, whatever the message, and however its bytes come.</summary>
public sealed class MimeScannerTests
{
    private const string Sample =
        "From: a@b.nl\r\nContent-Type: multipart/mixed; boundary=\"out er\"\r\n\r\npreamble\r\n--out er\r\nContent-Type: text/plain; charset=utf-8\r\n\r\none\r\ntwo\r\n--out er\r\n"
        + "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n\r\nplain\r\n--in\r\nContent-Type: text/html\r\n\r\n<b>\r\n--in--\r\n--out er\r\n"
        + "Content-Type: application/pdf; name=\"a;b.pdf\"\r\nContent-Disposition: attachment; filename=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--out er--\r\nepilogue\r\n";

    [Fact]
    public void Parts_lie_where_the_standard_says()
    {
        var whole = Scan(Sample, 7);
        Assert.Equal("one\r\ntwo", Text(Sample, whole.Find([1])!));
        Assert.Equal("plain", Text(Sample, whole.Find([2, 1])!));
        Assert.Equal("<b>", Text(Sample, whole.Find([2, 2])!));
        Assert.Equal("AAAA", Text(Sample, whole.Find([3])!));
        Assert.Equal("inner", whole.Find([2])!.Message!.Header.Value("Subject"));
        Assert.Equal("a;b.pdf", whole.Find([3])!.Type["name"]);
        Assert.Null(whole.Find([4]));
        Assert.Null(whole.Find([1, 1]));
    }

    [Fact]
    public void The_structure_is_told_as_the_standard_says()
    {
        var told = Encoding.Latin1.GetString(BodyStructure.Write(new ImapText(), Scan(Sample, 1_000), extended: true).ToBytes());
        Assert.Equal(
            "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 8 2 NIL NIL NIL NIL)"
            + "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 127 (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL) "
            + "((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1 NIL NIL NIL NIL)(\"TEXT\" \"HTML\" NIL NIL NIL \"7BIT\" 3 1 NIL NIL NIL NIL) \"ALTERNATIVE\" (\"BOUNDARY\" \"in\") NIL NIL NIL) 11 NIL NIL NIL NIL)"
            + "(\"APPLICATION\" \"PDF\" (\"NAME\" \"a;b.pdf\") NIL NIL \"BASE64\" 4 NIL (\"ATTACHMENT\" (\"FILENAME\" \"x.pdf\")) NIL NIL) \"MIXED\" (\"BOUNDARY\" \"out er\") NIL NIL NIL)",
            told);
    }

    [Fact]
    public void However_the_bytes_come_the_parts_are_the_same()
    {
        var expected = BodyStructure.Write(new ImapText(), Scan(Sample, Sample.Length), extended: true).ToBytes();
        for (var piece = 1; piece < 50; piece++)
            Assert.Equal(expected, BodyStructure.Write(new ImapText(), Scan(Sample, piece), extended: true).ToBytes());
    }

    [Fact]
    public void Real_messages_have_parts_within_them_and_a_structure_that_can_be_sent()
    {
        var messages = Corpus.Mail is null ? [Encoding.Latin1.GetBytes(Sample)] : Directory.EnumerateFiles(Corpus.Mail, "*.eml", SearchOption.AllDirectories).Select(File.ReadAllBytes);
        foreach (var message in messages)
        {
            var scanner = new MimeScanner();
            scanner.Add(message);
            var whole = scanner.Finish();
            Assert.Equal((0, message.Length), (whole.HeaderStart, whole.BodyEnd));
            AssertWithin(whole);
            Assert.Equal(Balance(BodyStructure.Write(new ImapText(), whole, extended: true)), Balance(Envelope.Write(new ImapText(), whole.Header)));
        }
    }

    [Fact]
    public void Messages_made_to_do_harm_take_no_more_than_the_bounds()
    {
        var nested = string.Concat(Enumerable.Range(0, 5_000).Select(at => $"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n"));
        var many = $"Content-Type: multipart/mixed; boundary=b\r\n\r\n{string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", 50_000))}";
        var messages = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\r\n\r\n", 20_000));
        foreach (var message in new[] { nested, many, messages, new string('a', 3_000_000), $"X: {new string('b', 3_000_000)}\r\n\r\n", "", "\r\n", "Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n" })
        {
            var whole = Scan(message, 4_096);
            Assert.InRange(Count(whole), 1, 2_001);
            AssertWithin(whole);
        }
    }

    [Fact]
    public void Mutilated_messages_are_read_all_the_same()
    {
        var random = new Random(7);
        for (var round = 0; round < 3_000; round++)
        {
            var bytes = Encoding.Latin1.GetBytes(Sample);
            for (var changes = random.Next(1, 20); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var scanner = new MimeScanner();
            scanner.Add(bytes.AsSpan(0, random.Next(bytes.Length)));
            AssertWithin(scanner.Finish());
        }
    }

    private static MimePart Scan(string message, int piece)
    {
        var scanner = new MimeScanner();
        foreach (var part in Encoding.Latin1.GetBytes(message).Chunk(piece))
            scanner.Add(part);
        return scanner.Finish();
    }

    private static string Text(string message, MimePart part) => message[(int)part.BodyStart..(int)part.BodyEnd];

    private static int Count(MimePart part) => 1 + part.Children.Sum(Count);

    private static void AssertWithin(MimePart part)
    {
        Assert.True(part.HeaderStart <= part.BodyStart && part.BodyStart <= part.BodyEnd);
        foreach (var child in part.Children)
        {
            Assert.True(part.BodyStart <= child.HeaderStart && child.BodyEnd <= part.BodyEnd, $"{child.HeaderStart}-{child.BodyEnd} is not in {part.BodyStart}-{part.BodyEnd}");
            AssertWithin(child);
        }
    }

    /// <summary>Brackets outside of texts close what they open; literals are as long as they say.</summary>
    private static int Balance(ImapText text)
    {
        var (bytes, depth) = (Encoding.Latin1.GetString(text.ToBytes()), 0);
        for (var at = 0; at < bytes.Length; at++)
            switch (bytes[at])
            {
                case '(': depth++; break;
                case ')': depth--; break;
                case '"':
                    for (at++; bytes[at] != '"'; at++)
                        at += bytes[at] == '\\' ? 1 : 0;
                    break;
                case '{':
                    var end = bytes.IndexOf('}', at);
                    at = end + 2 + int.Parse(bytes[(at + 1)..end], System.Globalization.CultureInfo.InvariantCulture);
                    break;
            }
        return depth;
    }
}
