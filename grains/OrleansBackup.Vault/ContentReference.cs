using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault;

/// <summary>Where stored content is, and what it must hash to. Opaque: keep it, compare it, write it as text; only the vault reads it.</summary>
/// <remarks>Valid in the resource that stored it. The text form (<see cref="ToString"/>) is stable: once stored, readable for ever.</remarks>
public sealed class ContentReference : IEquatable<ContentReference>
{
    private enum Form : byte { InPack = 1, Chunks = 2, List = 3 }

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

    /// <summary>What of it lies in packs: itself, or the list of its chunks. All that keeps a pack alive.</summary>
    internal IEnumerable<ContentReference> Packed => IsInPack ? [this] : List?.Packed ?? [];

    internal static ContentReference InPack(PackName pack, int entry, int length, Hash256 hash) =>
        new(Form.InPack, length) { Pack = pack, Entry = entry, Hash = hash };

    internal static ContentReference OfChunks(ImmutableArray<ChunkReference> chunks) =>
        new(Form.Chunks, chunks.Sum(c => (long)c.Length)) { Chunks = chunks };

    internal static ContentReference OfList(long length, ContentReference list) => new(Form.List, length) { List = list };

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
            default:
                writer.Number(Length);
                List!.WriteTo(writer);
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
            default:
                throw new InvalidDataException("a content reference has an unknown form");
        }
    }

    public bool Equals([NotNullWhen(true)] ContentReference? other) =>
        other is not null && _form == other._form && Length == other.Length && Pack == other.Pack && Entry == other.Entry
        && Hash == other.Hash && Chunks.SequenceEqual(other.Chunks) && Equals(List, other.List);

    public override bool Equals(object? obj) => Equals(obj as ContentReference);

    public override int GetHashCode() => HashCode.Combine(_form, Length, Hash, Chunks.Length > 0 ? Chunks[0].Hash : default, List);
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
