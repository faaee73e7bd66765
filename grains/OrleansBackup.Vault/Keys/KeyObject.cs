using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Keys;

/// <summary>One wrapped copy of a tenant's data key, as stored. FORMAT.md, "Keys".</summary>
/// <param name="WrappedBy">The name of the key-encryption key; null in the first form, which does not say.</param>
internal sealed record KeyObject(string? WrappedBy, byte[] Wrapped)
{
    private static ReadOnlySpan<byte> Mark => "OBVK"u8;
    private const byte WithoutName = 1, WithName = 2;
    private const int HeaderBytes = 5;

    public byte[] Encode()
    {
        if (WrappedBy is null)
            return [.. Mark, WithoutName, .. Wrapped];
        var name = new FieldWriter(256);
        name.Text(WrappedBy);
        return [.. Mark, WithName, .. name.ToArray(), .. Wrapped];
    }

    /// <returns>Null if this is no key object of a known version.</returns>
    public static KeyObject? Decode(ReadOnlySpan<byte> stored)
    {
        if (stored.Length <= HeaderBytes || !stored.StartsWith(Mark))
            return null;
        var rest = stored[HeaderBytes..];
        if (stored[HeaderBytes - 1] == WithoutName)
            return new(null, rest.ToArray());
        if (stored[HeaderBytes - 1] != WithName)
            return null;
        try
        {
            var reader = new FieldReader(rest);
            var name = reader.Text();
            return new(name, reader.Rest().ToArray());
        }
        catch (InvalidDataException) { return null; } // damaged: for the caller the same as no key object
    }
}
