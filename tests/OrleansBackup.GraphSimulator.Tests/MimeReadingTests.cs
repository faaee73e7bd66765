using System.Text;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>The reader of mail takes anything and says what a mail program would.</summary>
public sealed class MimeReadingTests
{
    [Theory]
    [InlineData("a@b", "a@b", "a@b")]
    [InlineData("Ada <a@b>", "Ada", "a@b")]
    [InlineData("\"L, Ada\" <a@b>", "L, Ada", "a@b")]
    [InlineData("a@b (Ada)", "Ada", "a@b")]
    [InlineData("=?iso-8859-1?Q?J=F6rg?= <j@b>", "Jörg", "j@b")]
    [InlineData("/o=Ex/ou=Admin/cn=Ada", "/o=Ex/ou=Admin/cn=Ada", "/o=Ex/ou=Admin/cn=Ada")]
    public void An_address_is_read_however_it_is_written(string header, string name, string address) =>
        Assert.Equal(new MailAddress(name, address), Assert.Single(MailAddresses.Parse(header)));

    [Theory]
    [InlineData("Mon, 2 Feb 2026 10:00:00 +0100", "2026-02-02T09:00:00Z")]
    [InlineData("2 Feb 99 10:00", "1999-02-02T10:00:00Z")]
    [InlineData("Sat, 31 Feb 2026 10:00:00 +0000", null)]
    [InlineData("yesterday", null)]
    public void A_date_is_read_or_left_out(string header, string? expected) =>
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), MailDate.Parse(header));

    [Fact]
    public void A_character_cut_between_two_encoded_words_is_whole_again() =>
        Assert.Equal("ü€", EncodedWords.Decode("=?utf-8?B?w7zi?= \r\n =?utf-8?B?gqw=?="));

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var detail = new MessageDetail
        {
            Subject = "Grüße 🎉 " + new string('x', 90) + " 会議",
            BodyType = "html",
            Body = "<p>" + string.Concat(Enumerable.Repeat("Zeile\r\n", 100)) + "</p>",
            From = new MailAddress("Ada \"L\"", "a@b"),
            To = [new MailAddress("Jörg, K.", "j@b"), new MailAddress("plain", "p@b")],
            Attachments = [new MailAttachment(1, "bär.bin", "application/x-test", false, null, new HeldBytes(Enumerable.Range(0, 300).Select(i => (byte)i).ToArray())),
                new MailAttachment(2, "logo.png", "image/png", true, "logo@b", new HeldBytes("png"u8.ToArray()))],
        };
        var read = MimeReading.ToDetail(MimeParser.Parse(MimeWriter.Write(detail, 1, received: null)));
        Assert.Equal((detail.Subject, detail.Body, detail.From), (read.Subject, read.Body, read.From));
        Assert.Equal(detail.To.AsEnumerable(), read.To);
        Assert.Equal(detail.Attachments.OrderBy(a => a.Name).Select(a => (a.Name, a.ContentType, a.IsInline, a.ContentId, Convert.ToHexString(a.Bytes.Read().Span))),
            read.Attachments.OrderBy(a => a.Name).Select(a => (a.Name, a.ContentType, a.IsInline, a.ContentId, Convert.ToHexString(a.Bytes.Read().Span))));
    }

    [Fact]
    public void No_bytes_make_the_reader_fail()
    {
        var random = new Random(20260301);
        for (var round = 0; round < 3000; round++)
        {
            var bytes = Samples.WithNestedMessage.ToArray();
            for (var damage = random.Next(1, 40); damage > 0; damage--)
                bytes[random.Next(bytes.Length)] = "\0\r\n\"=?;:-<>(),%'*\xff abcQB"u8[random.Next(24)];
            Visit(new MimeContent(bytes.AsMemory(0, random.Next(bytes.Length + 1))), depth: 0);
        }
    }

    [Fact]
    public void Messages_nested_a_thousand_deep_and_endless_headers_are_read_in_time()
    {
        var nested = new StringBuilder();
        for (var i = 0; i < 1000; i++)
            nested.Append("Content-Type: message/rfc822\r\n\r\n");
        Visit(new MimeContent(Encoding.ASCII.GetBytes(nested.ToString())), depth: 0);
        Visit(new MimeContent(Encoding.ASCII.GetBytes("Subject: x\r\n" + string.Concat(Enumerable.Repeat(" =?=?=?\r\n", 50_000)))), depth: 0);
    }

    private static void Visit(MessageContent content, int depth)
    {
        Assert.True(depth <= MimePart.MaxDepth);
        var detail = content.Detail;
        Assert.NotNull(detail.Preview);
        foreach (var attachment in detail.Attachments)
        {
            Assert.Equal(attachment.Bytes.Length, attachment.Bytes.Read().Length);
            if (attachment.Item is not null)
                Visit(attachment.Item, depth + 1);
        }
    }
}
