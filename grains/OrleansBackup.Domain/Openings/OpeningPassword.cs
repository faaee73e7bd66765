using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Domain.Openings;

/// <summary>The password of an opening: made here, shown once, kept as a hash.</summary>
/// <remarks>150 random bits, so a plain hash is enough: there is nothing to guess.</remarks>
public static class OpeningPassword
{
    private const int Characters = 30, Group = 5;

    /// <summary>Six groups of five characters with hyphens between, which a person can type.</summary>
    public static string New() =>
        string.Join('-', Base32.Write(RandomNumberGenerator.GetBytes(Characters))[..Characters].Chunk(Group).Select(group => new string(group)));

    public static byte[] HashOf(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));

    /// <summary>Takes equal time for all that have the right length.</summary>
    public static bool IsSame(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(hash, other);
}
