using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;

namespace OrleansBackup.Grains.Audit;

/// <summary>A full part of an audit book: written once.</summary>
internal sealed class AuditPartGrain([PersistentState("audit-part", StateStores.Default)] IPersistentState<AuditPartState> storage) : Grain, IAuditPartGrain
{
    public async Task Write(ImmutableArray<AuditEntry> entries, CancellationToken cancellation)
    {
        if (storage.RecordExists)
        {
            // Each entry names the hash of the one before, so the last says everything.
            if (storage.State.Entries[^1].Hash() != entries[^1].Hash())
                throw new NotPossibleNowException($"The part '{this.GetPrimaryKeyString()}' of the audit book holds other entries; nothing is overwritten.");
            return;
        }
        storage.State = new AuditPartState { Entries = entries };
        await storage.WriteStateAsync(cancellation);
        DeactivateOnIdle(); // seldom read
    }

    public async Task Delete(CancellationToken cancellation)
    {
        if (storage.RecordExists)
            await storage.ClearStateAsync(cancellation);
        DeactivateOnIdle();
    }

    public Task<ImmutableArray<AuditEntry>> Read(CancellationToken cancellation) => Task.FromResult(storage.State.Entries);
}
