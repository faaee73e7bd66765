using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Retention;

/// <summary>Deletes everything of a resource, at the end of its contract.</summary>
internal static class ResourceDeletion
{
    /// <summary>Newest names first, and what is named only after what names it: whatever a crash leaves is a whole, older vault that can be
    /// deleted again. Not beside a running writer: its next commit would leave a log without a beginning.</summary>
    public static async Task<DeletionResult> DeleteAllAsync(ResourceContext context, CancellationToken cancellation)
    {
        var (store, names) = (context.Files.Store, context.Names);
        var found = new List<BlobName>();
        await foreach (var name in store.ListAsync(names.Prefix, cancellation))
            found.Add(name);
        var (objects, bytes) = (0, 0L);
        foreach (var name in found.OrderBy(RankOf).ThenByDescending(n => n.Value, StringComparer.Ordinal))
        {
            var length = await store.GetLengthAsync(name, cancellation);
            if (!await store.DeleteAsync(name, cancellation))
                continue;
            (objects, bytes) = (objects + 1, bytes + (length ?? 0));
        }
        return new(objects, bytes);

        int RankOf(BlobName name) => name.Value[names.Prefix.Length..].Split('/') switch
        {
            ["base", _, "index"] => 0,
            ["log", ..] => 1,
            ["packs", ..] => 3,
            ["prune", ..] => 4,
            _ => 2,
        };
    }
}
