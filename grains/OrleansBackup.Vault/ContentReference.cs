using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Recipes;

namespace OrleansBackup.Vault;

/// <summary>Where stored content is, and what it must hash to. Opaque: keep it, compare it, write it as text; only the vault reads it.</summary>
/// <remarks>Valid in the resource that stored it. The text form (<see cref="ToString"/>) is stable: once stored, readable for ever.</remarks>
public sealed class ContentReference : IEquatable<ContentReference>
{
    private enum Form : byte { InPack = 1, Chunks = 2, List = 3, Recipe = 4 }

    private readonly Form _form;

    private ContentReference(Form form, long length) => (_form, Length) = (form, length);

    /// <summary>The content's length in bytes.</summary>
    public long Length { get; }

    internal bool IsInPack => _form == Form.InPack;
    internal PackName Pack { get; private init; }
    internal int Entry { get; private init; }
    internal Hash256 Hash { get; private init; }
    internal ImmutableArray<ChunkReference> Chunks { get; private init; } = [];

    /// <summary>The content that lists the chunks, if they are too many to list here.</summary>
    internal ContentReference? List { get; private init; }

    /// <summary>The text around <see cref="Parts"/>, if the content is stored as a recipe.</summary>
    internal ContentReference? Literal { get; private init; }

    /// <summary>The runs of base64 text that are stored decoded, in order; none unless the content is stored as a recipe.</summary>
    internal ImmutableArray<EncodedPart> Parts { get; private init; } = [];

    /// <summary>CRC-32C of a content that is stored as a recipe.</summary>
    internal uint Sum { get; private init; }

    /// <summary>The stored contents that this is made of: itself unless it is a recipe. None of them is a recipe.</summary>
    internal IEnumerable<ContentReference> Pieces => Literal is null ? [this] : Parts.Select(p => p.Content).Prepend(Literal);

    /// <summary>What of it lies in packs: its pieces, or the lists of their chunks. All that keeps a pack alive.</summary>
    internal IEnumerable<ContentReference> Packed => IsInPack ? [this] : Literal is not null ? Pieces.SelectMany(p => p.Packed) : List?.Packed ?? [];

    /// <summary>The chunks that are named here itself, those of a list of chunks included (<see cref="Lists"/>), the chunks on lists left out.</summary>
    internal IEnumerable<ChunkReference> NamedChunks => Pieces.SelectMany(p => p.List?.NamedChunks ?? p.Chunks);

    /// <summary>The pieces whose chunks are on a list that has to be read.</summary>
    internal IEnumerable<ContentReference> Lists => Pieces.Where(p => p.List is not null);

    internal static ContentReference InPack(PackName pack, int entry, int length, Hash256 hash) =>
        new(Form.InPack, length) { Pack = pack, Entry = entry, Hash = hash };

    internal static ContentReference OfChunks(ImmutableArray<ChunkReference> chunks) =>
        new(Form.Chunks, chunks.Sum(c => (long)c.Length)) { Chunks = chunks };

    internal static ContentReference OfList(long length, ContentReference list) => new(Form.List, length) { List = list };

    internal static ContentReference OfRecipe(ContentReference literal, ImmutableArray<EncodedPart> parts, uint sum) =>
        new(Form.Recipe, literal.Length + parts.Sum(p => p.WrittenBytes)) { Literal = literal, Parts = parts, Sum = sum };

    /// <exception cref="FormatException"><paramref name="text"/> is not what <see cref="ToString"/> wrote.</exception>
    public static ContentReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var reader = new FieldReader(Base64Url.DecodeFromChars(text));
            var reference = Read(ref reader);
            reader.End();
            return reference;
        }
        catch (InvalidDataException e) { throw new FormatException($"'{text}' is not a content reference: {e.Message}.", e); }
    }

    public override string ToString()
    {
        var writer = new FieldWriter(96);
        WriteTo(writer);
        return Base64Url.EncodeToString(writer.Written);
    }

    internal void WriteTo(FieldWriter writer)
    {
        writer.Byte((byte)_form);
        switch (_form)
        {
            case Form.InPack:
                Pack.WriteTo(writer);
                writer.Number(Entry);
                writer.Number(Length);
                Hash.WriteTo(writer);
                break;
            case Form.Chunks:
                ChunkReference.WriteAll(Chunks, writer);
                break;
            case Form.List:
                writer.Number(Length);
                List!.WriteTo(writer);
                break;
            default:
                writer.Number(Sum);
                Literal!.WriteTo(writer);
                EncodedPart.WriteAll(Parts, writer);
                break;
        }
    }

    internal static ContentReference Read(ref FieldReader reader, int depth = 0)
    {
        if (depth > 8)
            throw new InvalidDataException("a content list is nested too deeply");
        switch ((Form)reader.Byte())
        {
            case Form.InPack:
                return InPack(PackName.Read(ref reader), reader.Int(), reader.Int(), Hash256.Read(ref reader));
            case Form.Chunks:
                return OfChunks(ChunkReference.ReadAll(ref reader));
            case Form.List:
                return OfList(reader.Long(), Read(ref reader, depth + 1));
            case Form.Recipe when depth == 0:
                return ReadRecipe(ref reader);
            default:
                throw new InvalidDataException("a content reference has an unknown form");
        }
    }

    private static ContentReference ReadRecipe(ref FieldReader reader)
    {
        var sum = reader.Number();
        var literal = Read(ref reader, depth: 1);
        var parts = EncodedPart.ReadAll(ref reader);
        return sum <= uint.MaxValue && !parts.IsEmpty && parts.Sum(p => p.LiteralBefore) <= literal.Length
            ? OfRecipe(literal, parts, (uint)sum) : throw new InvalidDataException("a recipe does not fit its text");
    }

    public bool Equals([NotNullWhen(true)] ContentReference? other) =>
        other is not null && _form == other._form && Length == other.Length && Pack == other.Pack && Entry == other.Entry
        && Hash == other.Hash && Chunks.SequenceEqual(other.Chunks) && Equals(List, other.List)
        && Sum == other.Sum && Equals(Literal, other.Literal) && Parts.SequenceEqual(other.Parts);

    public override bool Equals(object? obj) => Equals(obj as ContentReference);

    public override int GetHashCode() => HashCode.Combine(_form, Length, Hash, Chunks.Length > 0 ? Chunks[0].Hash : default, List, Sum);
}

/// <summary>One chunk of the tenant's shared content.</summary>
internal readonly record struct ChunkReference(Hash256 Hash, int Length)
{
    public static void WriteAll(IReadOnlyCollection<ChunkReference> chunks, FieldWriter writer)
    {
        writer.Number((ulong)chunks.Count);
        foreach (var chunk in chunks)
        {
            chunk.Hash.WriteTo(writer);
            writer.Number(chunk.Length);
        }
    }

    public static ImmutableArray<ChunkReference> ReadAll(ref FieldReader reader)
    {
        var chunks = ImmutableArray.CreateBuilder<ChunkReference>(reader.Count());
        for (var i = chunks.Capacity; i > 0; i--)
            chunks.Add(new(Hash256.Read(ref reader), reader.Int()));
        return chunks.MoveToImmutable();
    }
}
