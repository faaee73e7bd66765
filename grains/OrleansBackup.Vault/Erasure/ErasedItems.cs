using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Vault;

/// <summary>Which items of a resource were erased and must not come back, though Microsoft 365 still has them. Holds no content and no id: a hash of each id, bound to the resource.</summary>
public sealed class ErasedItems
{
    private const int HashBytes = 16;

    private readonly ResourceName _resource;
    private readonly FrozenSet<string> _hashes;

    private ErasedItems(ResourceName resource, FrozenSet<string> hashes) => (_resource, _hashes) = (resource, hashes);

    public int Count => _hashes.Count;

    public static ErasedItems None(ResourceName resource) => new(resource, []);

    public bool Contains(string itemId) => _hashes.Count > 0 && _hashes.Contains(Hash(_resource, itemId));

    /// <summary>Where in the tenant's ledger an erasure writes them.</summary>
    internal static DocumentName NameOf(ResourceName resource, Guid erasure) => new($"{Prefix(resource)}{erasure:D}");

    internal static string Prefix(ResourceName resource) => $"erased/{resource.Resource}/";

    /// <summary>One hash on each line, in ordinal order, so that the same erasure always writes the same.</summary>
    internal static string Write(ResourceName resource, IEnumerable<string> itemIds) => string.Concat(itemIds.Select(id => Hash(resource, id)).Distinct().Order(StringComparer.Ordinal).Select(hash => hash + "\n"));

    internal static ErasedItems Read(ResourceName resource, IEnumerable<string> texts) =>
        new(resource, texts.SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToFrozenSet(StringComparer.Ordinal));

    private static string Hash(ResourceName resource, string itemId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{resource}\n{itemId}")).AsSpan(0, HashBytes));
}
