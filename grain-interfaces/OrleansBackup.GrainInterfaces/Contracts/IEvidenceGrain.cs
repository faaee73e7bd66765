using Orleans;

namespace OrleansBackup.GrainInterfaces.Contracts;

/// <summary>One list of points that was shown to a person before an act, kept as it was.</summary>
/// <remarks>Key: <see cref="GrainKeys.OfEvidence"/>.</remarks>
[Alias("contract-evidence")]
public interface IEvidenceGrain : IGrainWithStringKey
{
    /// <summary>Keeps it. What is kept is never replaced by something else.</summary>
    [Alias("keep")]
    Task Keep(string text, CancellationToken cancellation);

    /// <exception cref="NotFoundException">Nothing is kept.</exception>
    [Alias("read")]
    Task<string> Read(CancellationToken cancellation);
}
