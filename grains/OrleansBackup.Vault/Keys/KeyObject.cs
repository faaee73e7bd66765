namespace OrleansBackup.Vault.Keys;

/// <summary>The form of a tenant's key object. FORMAT.md, "Keys".</summary>
internal static class KeyObject
{
    private static ReadOnlySpan<byte> Mark => "OBVK"u8;
    private const byte Version = 1;
    private const int HeaderBytes = 5;

    public static byte[] Encode(ReadOnlySpan<byte> wrapped) => [.. Mark, Version, .. wrapped];

    /// <returns>The wrapped data key, or null if this is no key object of a known version.</returns>
    public static byte[]? Decode(ReadOnlySpan<byte> stored) =>
        stored.Length > HeaderBytes && stored.StartsWith(Mark) && stored[HeaderBytes - 1] == Version ? stored[HeaderBytes..].ToArray() : null;
}
