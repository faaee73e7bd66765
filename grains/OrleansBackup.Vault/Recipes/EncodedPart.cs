using System.Collections.Immutable;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Recipes;

/// <summary>One run of base64 text in a content: where it belongs, how it is written, and its decoded bytes.</summary>
/// <param name="LiteralBefore">Bytes of literal text between the part before (or the beginning) and this one.</param>
internal sealed record EncodedPart(long LiteralBefore, EncodedLayout Layout, ContentReference Content)
{
    public long WrittenBytes => Layout.WrittenBytes(Layout.CharactersOf(Content.Length));

    public static void WriteAll(ImmutableArray<EncodedPart> parts, FieldWriter writer)
    {
        writer.Number(parts.Length);
        foreach (var part in parts)
        {
            writer.Number(part.LiteralBefore);
            part.Layout.WriteTo(writer);
            part.Content.WriteTo(writer);
        }
    }

    public static ImmutableArray<EncodedPart> ReadAll(ref FieldReader reader)
    {
        var parts = ImmutableArray.CreateBuilder<EncodedPart>(reader.Count());
        for (var i = parts.Capacity; i > 0; i--)
            parts.Add(new(reader.Long(), EncodedLayout.Read(ref reader), ContentReference.Read(ref reader, depth: 1)));
        return parts.MoveToImmutable();
    }
}
