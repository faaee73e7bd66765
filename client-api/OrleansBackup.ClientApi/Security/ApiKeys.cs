using System.Security.Cryptography;
using OrleansBackup.ClientApi.Security.Keys;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security;

/// <summary>The keys that come from the server's own files and configuration, as hashes. Knows who holds a key, never the key.</summary>
/// <remarks>Keys are 256 random bits, so a plain hash is enough: there is nothing to guess. Every comparison takes equal time.</remarks>
public sealed class ApiKeys
{
    /// <summary>The holder's name of the key that the server made itself.</summary>
    public const string FirstHolder = Person.FirstKey;

    private readonly (Caller Holder, byte[] Hash)[] _keys;

    /// <param name="hasAccounts">People sign in with accounts as well: then a key is one of theirs, and somebody has to say whose.</param>
    public ApiKeys(string firstKey, ApiKeyOptions further, bool hasAccounts) => _keys =
    [
        (new Caller(FirstHolder, further.PersonOf(FirstHolder) ?? FirstHolder, [Role.ProviderAdmin], null, SignInMethod.ApiKey), Convert.FromHexString(KeySecret.Hash(firstKey))),
        .. further.Keys.Select(key => (further.CallerOf(key.Key, hasAccounts), Convert.FromHexString(key.Value))),
    ];

    /// <param name="hash">SHA-256 of the key, in hex.</param>
    /// <returns>Who holds this key, or null: nobody.</returns>
    public Caller? CallerOfHash(string hash)
    {
        var candidate = Convert.FromHexString(hash);
        Caller? holder = null;
        foreach (var (who, known) in _keys)
            holder = CryptographicOperations.FixedTimeEquals(candidate, known) ? who : holder; // no early end: time tells nothing
        return holder;
    }

    /// <summary>Whether a key of this name is configured: no other can be called the same.</summary>
    public bool IsHolder(string name) => Array.Exists(_keys, key => string.Equals(key.Holder.Name, name, StringComparison.OrdinalIgnoreCase));
}
