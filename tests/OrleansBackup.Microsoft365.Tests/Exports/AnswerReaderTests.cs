using System.Text;
using System.Text.Json;
using OrleansBackup.Microsoft365.Exports;

namespace OrleansBackup.Microsoft365.Tests.Exports;

/// <summary>An answer is read rightly however it is cut into pieces, and never taken for whole when it is not.</summary>
public sealed class AnswerReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1_000_000)]
    public async Task Data_comes_out_as_it_was_whatever_the_pieces_and_escapes(int piece)
    {
        var bytes = new byte[100_001];
        new Random(3).NextBytes(bytes);
        var escaped = Convert.ToBase64String(bytes).Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal);
        using var reader = Reader($$"""{ "skipped": [1, {"a": "]\"}"}, null], "data": "{{escaped}}", "after": "x" }""", piece);

        await reader.ExpectAsync('{', default);
        Assert.True(await reader.HasNextAsync('}', isFirst: true, default));
        Assert.Equal("skipped", await reader.NameAsync(default));
        await reader.SkipAsync(default);
        Assert.True(await reader.HasNextAsync('}', isFirst: false, default));
        Assert.Equal("data", await reader.NameAsync(default));
        Assert.True(await reader.BeginBase64Async(default));
        await using var data = new Base64Stream(reader);
        using var received = new MemoryStream();
        await data.CopyToAsync(received);

        Assert.Equal(bytes, received.ToArray());
        Assert.True(data.IsRead);
        Assert.True(await reader.HasNextAsync('}', isFirst: false, default));
        Assert.Equal("after", await reader.NameAsync(default));
        Assert.Equal("x", await reader.TextAsync(default));
        Assert.False(await reader.HasNextAsync('}', isFirst: false, default));
    }

    [Theory]
    [InlineData("\"QUJD")]
    [InlineData("\"QUJ\"")]
    [InlineData("\"QU!D\"")]
    [InlineData("\"QUI=QUJD\"")]
    public async Task Data_that_breaks_off_or_is_no_base64_is_an_error_and_no_short_content(string text)
    {
        using var reader = Reader(text, 2);
        Assert.True(await reader.BeginBase64Async(default));
        await using var data = new Base64Stream(reader);

        await Assert.ThrowsAsync<JsonException>(() => data.CopyToAsync(Stream.Null));
    }

    [Fact]
    public void Batches_are_bounded_by_number_and_by_bytes_and_a_giant_goes_alone()
    {
        var options = new ExportOptions { ItemsPerRequest = 3, BytesPerRequest = 1_000 };

        var batches = ExportBatches.Split([10L, 10, 10, 10, 900, 200, 5_000, 1, 1], size => size, options).Select(batch => string.Join(' ', batch));

        Assert.Equal(["10 10 10", "10 900", "200", "5000", "1 1"], batches);
    }

    private static AnswerReader Reader(string text, int piece)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var at = 0;
        return new AnswerReader((into, _) =>
        {
            var length = Math.Min(Math.Min(piece, into.Length), bytes.Length - at);
            bytes.AsMemory(at, length).CopyTo(into);
            at += length;
            return ValueTask.FromResult(length);
        });
    }
}
