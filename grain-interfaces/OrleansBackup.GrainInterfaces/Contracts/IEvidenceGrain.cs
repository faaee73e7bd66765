using Orleans;

namespace OrleansBackup.GrainInterfaces.Contracts;

/// <summary>One list of points that was shown to a person before an act, kept as it was.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfEvidence"/>.</remarks>
[Alias("contract-evidence")]
public interface IEvidenceGrain : IGrainWithStringKey
{
    /// <summary>Keeps it. The journal names the list that counts by its hash: another is kept only in the place of one that a crash kept out of the journal.</summary>
    [Alias("keep")]
    Task Keep(string text, CancellationToken cancellation);

    /// <exception cref="NotFoundException">Nothing is kept.</exception>
    [Alias("read")]
    Task<string> Read(CancellationToken cancellation);

    /// <summary>Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}
