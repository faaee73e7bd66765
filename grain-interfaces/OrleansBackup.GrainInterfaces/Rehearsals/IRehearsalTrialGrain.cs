using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Rehearsals;

namespace OrleansBackup.GrainInterfaces.Rehearsals;

/// <summary>The trial of one drawn item: read from the store, put back into a scratch place by the engine that customers use, read again from Microsoft 365, compared, taken away.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfTrial"/>. It remembers what it has made, and clears it away however often its process dies.</remarks>
[Alias("rehearsal-trial")]
public interface IRehearsalTrialGrain : IGrainWithStringKey
{
    /// <summary>Answers what came of the item once that is known and the scratch place was cleared, or the first attempt to clear it failed. Safe to repeat: it is tried once.</summary>
    [AlwaysInterleave, ResponseTimeout("01:00:00"), Alias("try")]
    Task<RehearsedItem> Try(DrawnItem drawn, CancellationToken cancellation);

    /// <summary>A run is to begin: breaks the trial off and clears what it made. The trial begins anew by itself.</summary>
    /// <exception cref="VaultUnavailableException">It could not be cleared; that stays owed.</exception>
    [AlwaysInterleave, ResponseTimeout("00:15:00"), Alias("give-way")]
    Task GiveWay(CancellationToken cancellation);

    /// <summary>The answer is written down: nothing need be remembered once the scratch place is cleared.</summary>
    [AlwaysInterleave, Alias("settle")]
    Task Settle(CancellationToken cancellation);

    /// <summary>Ends it, clears what it made as far as that goes, and forgets everything, at the end of its tenant.</summary>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("abandon")]
    Task Abandon(CancellationToken cancellation);
}
