using System.Collections.Immutable;

namespace OrleansBackup.Domain.Keeping;

/// <summary>What a deleted document was.</summary>
public enum KeptKind
{
    Invoice = 1,
    Payment,
    Contract,
    Account,
    DeletionRecord,
    Audit,
}

/// <summary>One document that is deleted because its term is over.</summary>
/// <param name="Name">Unique among documents of its kind: an invoice's number, of a contract the tenant and its place in the row of his contracts.</param>
/// <param name="Sha256">Of what was deleted, in hex: whoever kept a copy can show that it was this.</param>
/// <param name="Last">The day on which something happened to it last.</param>
public sealed record DeletedDocument(KeptKind Kind, string Name, string? Tenant, string Sha256, DateOnly Last);

/// <summary>The evidence that documents were deleted and why they could be. Written before anything goes, and kept for good: it names no person, and says what is no longer there.</summary>
public sealed record DocumentDeletion(DateOnly On, KeepingRule Rule, ImmutableArray<DeletedDocument> Documents);
