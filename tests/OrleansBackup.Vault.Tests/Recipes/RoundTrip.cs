using OrleansBackup.Vault.Recipes;

namespace OrleansBackup.Vault.Tests.Recipes;

/// <summary>Splits bytes into literal text and decoded parts and puts them together again, without a vault in between.</summary>
internal static class RoundTrip
{
    public static async Task<(byte[] Again, IReadOnlyList<byte[]> Parts, byte[] Literal)> OfAsync(
        byte[] source, int? pieces = null, Base64Decoder? decode = null)
    {
        var stored = new List<byte[]>();
        async ValueTask<ContentReference> Store(Stream content, CancellationToken cancellation)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, pieces is null ? 128 << 10 : 4096, cancellation); // large reads are decoded where they are wanted, small ones from a buffer of its own
            stored.Add(copy.ToArray());
            return ContentReference.InPack(default, stored.Count - 1, (int)copy.Length, default);
        }
        Stream input = pieces is { } most ? new PiecewiseStream(source, most) : new MemoryStream(source);
        await using var text = new LiteralStream(input, Store, decode);
        var literal = pieces is null && await text.TryTakeWholeAsync(default) is { } whole ? await Store(new MemoryStream(whole.ToArray()), default) : await Store(text, default);
        Assert.Equal(source.Length, text.SourceBytes);
        if (text.Parts.IsEmpty)
            return (stored[literal.Entry], [], stored[literal.Entry]);
        var reference = ContentReference.OfRecipe(literal, text.Parts, text.Sum());
        Assert.Equal(reference, ContentReference.Parse(reference.ToString()));
        Assert.Equal(source.Length, reference.Length);
        await using var again = new ReassembledStream(
            reference, new MemoryStream(stored[literal.Entry]), (part, _) => Task.FromResult<Stream>(new MemoryStream(stored[part.Entry])), what => new InvalidDataException(what));
        using var result = new MemoryStream();
        await again.CopyToAsync(result, pieces ?? 81_920);
        return (result.ToArray(), [.. text.Parts.Select(p => stored[p.Content.Entry])], stored[literal.Entry]);
    }

    public static async Task AssertExactAsync(byte[] source, string what, int? pieces = null)
    {
        var (again, _, _) = await OfAsync(source, pieces);
        Assert.True(source.AsSpan().SequenceEqual(again), $"{what}: not the same bytes again");
    }

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
