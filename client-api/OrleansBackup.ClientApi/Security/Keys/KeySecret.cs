using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.ClientApi.Security.Keys;

/// <summary>The secret of an API key: shown once, kept as a hash only.</summary>
internal static class KeySecret
{
    /// <summary>So that scanners of source code know one that was committed.</summary>
    private const string Prefix = "obk_";

    private const int Bytes = 32;

    /// <summary>256 random bits: a plain hash is enough, there is nothing to guess.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether it can be one that was made here: anything else need not be looked for.</summary>
    public static bool HasForm(string text) => text.Length == Prefix.Length + Base64Url.GetEncodedLength(Bytes)
        && text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Prefix.Length));
}
