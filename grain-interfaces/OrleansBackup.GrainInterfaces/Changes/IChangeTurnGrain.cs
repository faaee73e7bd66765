using Orleans;
using Orleans.Concurrency;

namespace OrleansBackup.GrainInterfaces.Changes;

/// <summary>Lets one caller at a time look at something and change it, so that nothing is changed between the look and the change.</summary>
/// <remarks>
/// Key: what is changed, such as a tenant's id. Held in memory only: when its process dies, turns that were given are forgotten, and who
/// had one may still finish. A turn that is not given back ends by itself after <see cref="ChangeGrains.LongestTurn"/>.
/// </remarks>
[Alias("change-turn")]
public interface IChangeTurnGrain : IGrainWithStringKey
{
    /// <summary>Waits for the turn.</summary>
    /// <exception cref="NotPossibleNowException">Too many wait already.</exception>
    [AlwaysInterleave, ResponseTimeout("00:02:00"), Alias("take")]
    Task<Guid> Take(CancellationToken cancellation);

    /// <summary>Safe to repeat, and after the turn has ended by itself.</summary>
    [AlwaysInterleave, Alias("give-back")]
    Task GiveBack(Guid turn, CancellationToken cancellation);
}
