using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault;

/// <summary>Names one document of a ledger: parts joined by '/', each <c>[a-z0-9][a-z0-9.-]{0,127}</c>, as <c>invoices/2026-00001</c>.</summary>
public readonly record struct DocumentName
{
    /// <exception cref="ArgumentException">The name has another form.</exception>
    public DocumentName(string value)
    {
        new BlobName(value).EnsureValid();
        Value = value;
    }

    public string Value { get; }

    public override string ToString() => Value;
}

/// <summary>A document of a ledger as it was read.</summary>
/// <param name="IsNewest">False: what was put last cannot be read, so this one may be out of date.</param>
public sealed record VaultDocument(DocumentName Name, DateTimeOffset WrittenAt, string Text, bool IsNewest);

/// <summary>Another text stands in the ledger under a name that is written once.</summary>
public sealed class DocumentTakenException(DocumentName name)
    : VaultException($"Document '{name}' is in the ledger with another text: what is entered there never changes.", isTransient: false)
{
    public DocumentName Document { get; } = name;
}
