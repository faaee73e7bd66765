using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Grains.Admission;

/// <summary>How a process that came to a cluster gets its share of the runs that wait at the gates of the others.</summary>
/// <remarks>A run that waits has begun nothing, and its state says that it is to be done: where its resource lives next, it goes on.</remarks>
public interface IAdmissionRelief
{
    /// <summary>The resources whose runs came last to this gate, as many as make up the newcomers' share of all that is under way or waits here.</summary>
    /// <param name="newcomers">Processes that have come.</param>
    /// <param name="processes">All, with this one and the newcomers.</param>
    ImmutableArray<ResourceId> ShareOf(int newcomers, int processes);
}
