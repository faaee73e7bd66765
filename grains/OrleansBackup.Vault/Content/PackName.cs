using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Content;

/// <summary>A pack's own name: the segment that its writer meant to name it in, and 128 random bits.</summary>
/// <remarks>
/// Random, so that two writers never write the same pack. The segment, so that a leftover shows without a clock: once that segment
/// exists and does not list the pack, no writer can ever commit it any more.
/// </remarks>
internal readonly record struct PackName(long Segment, UInt128 Unique)
{
    public static PackName New(long segment) =>
        new(segment, System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)));

    public override string ToString() => $"{Segment:d10}-{Unique:x32}";

    public static PackName? TryParse(string text) =>
        text.Length == 43 && text[10] == '-' && long.TryParse(text.AsSpan(0, 10), System.Globalization.NumberStyles.None, null, out var segment)
            && UInt128.TryParse(text.AsSpan(11), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unique)
            ? new(segment, unique) : null;

    public void WriteTo(FieldWriter writer)
    {
        Span<byte> unique = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(unique, Unique);
        writer.Number(Segment);
        writer.Fixed(unique);
    }

    public static PackName Read(ref FieldReader reader) =>
        new(reader.Long(), System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(reader.Fixed(16)));
}
