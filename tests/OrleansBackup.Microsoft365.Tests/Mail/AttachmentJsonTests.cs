using System.Text.Json;
using OrleansBackup.Microsoft365.Mail;
using Xunit;

namespace OrleansBackup.Microsoft365.Tests.Mail;

public class AttachmentJsonTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(49_152)]
    [InlineData(65_537)]
    [InlineData(1_000_001)]
    public async Task Content_of_any_size_is_decoded_whole(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Assert.Equal(bytes, await ContentOf($$"""{"name":"x","contentBytes":"{{Convert.ToBase64String(bytes)}}"}"""));
    }

    [Fact]
    public async Task Escaped_characters_are_part_of_the_content()
    {
        byte[] bytes = [255, 239, 191, 0, 63];
        var text = Convert.ToBase64String(bytes);
        Assert.Contains("/", text, StringComparison.Ordinal);
        Assert.Equal(bytes, await ContentOf($$"""{"contentBytes":"{{text.Replace("/", "\\/", StringComparison.Ordinal)}}"}"""));
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"contentBytes":null}""")]
    [InlineData("""{"contentBytes":"AAA"}""")]
    [InlineData("""{"contentBytes":"AAAA*AAA"}""")]
    [InlineData("""{"contentBytes":"AA==AAAA"}""")]
    [InlineData("""{"contentBytes":"\u0041\u0041\u0041"}""")]
    public async Task What_is_no_base64_is_no_content(string json) => Assert.Null(await ContentOf(json));

    private static async Task<byte[]?> ContentOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        await using var content = AttachmentJson.ContentOf(document.RootElement);
        if (content is null) return null;
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);
        return copy.ToArray();
    }
}
