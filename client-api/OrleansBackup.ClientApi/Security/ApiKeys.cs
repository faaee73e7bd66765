using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security;

/// <summary>The keys that open the API, as hashes. Knows who holds a key, never the key.</summary>
/// <remarks>Keys are 256 random bits, so a plain hash is enough: there is nothing to guess. Every comparison takes equal time.</remarks>
public sealed class ApiKeys
{
    /// <summary>The holder's name of the key that the server made itself.</summary>
    public const string FirstHolder = "first-key";

    private readonly (string Holder, byte[] Hash)[] _keys;

    public ApiKeys(string firstKey, IReadOnlyDictionary<string, string> furtherHashes) => _keys =
    [
        (FirstHolder, HashOf(firstKey)),
        .. furtherHashes.Select(key => (key.Key, Convert.FromHexString(key.Value))),
    ];

    /// <returns>Who holds this key, or null: nobody.</returns>
    public Caller? CallerOf(string candidate)
    {
        var hash = HashOf(candidate);
        string? holder = null;
        foreach (var (name, known) in _keys)
            holder = CryptographicOperations.FixedTimeEquals(hash, known) ? name : holder; // no early end: time tells nothing
        return holder is null ? null : new Caller(holder, holder, [Role.ProviderAdmin], null, SignInMethod.ApiKey);
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
