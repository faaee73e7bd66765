using OrleansBackup.Domain.Keeping;
using OrleansBackup.Grains.Ledger;

namespace OrleansBackup.Grains.Keeping;

/// <summary>Reads from the ledger what was deleted after its term, so that nobody looks for what is rightly gone.</summary>
internal static class DeletionEvidence
{
    /// <returns>Names of documents of that kind.</returns>
    public static async Task<HashSet<string>> DeletedAsync(this Ledgers ledgers, KeptKind kind, ICollection<string> problems, CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var evidence in await ledgers.ListAsync(LedgerNames.Deletions, cancellation))
            if (await ledgers.ReadOrTellAsync<DocumentDeletion>(evidence, problems, cancellation) is { } deletion)
                names.UnionWith(deletion.Documents.Where(document => document.Kind == kind).Select(document => document.Name));
        return names;
    }
}
