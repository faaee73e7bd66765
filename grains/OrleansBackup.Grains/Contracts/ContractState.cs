using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Grains.Contracts;

/// <summary>What a contract remembers: its journal, which is only added to. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("contract-state")]
internal sealed record ContractState : StoredState
{
    /// <summary>Lines of <see cref="Domain.Contracts.ContractJournal"/>, oldest first.</summary>
    [Id(0)] public ImmutableArray<string> Journal { get; init; } = [];

    /// <summary>Journals of contracts that ended with the destruction of the backups.</summary>
    [Id(1)] public ImmutableArray<ImmutableArray<string>> Former { get; init; } = [];

    /// <summary>The last day whose duties were all done.</summary>
    [Id(2)] public DateOnly? AttendedOn { get; init; }

    /// <summary>Why the last attempt to apply the contract did not succeed; null: it did.</summary>
    [Id(3)] public string? Problem { get; init; }

    /// <summary>So many lines of the journal stand in the provider's ledger.</summary>
    [Id(4)] public int Entered { get; init; }
}
