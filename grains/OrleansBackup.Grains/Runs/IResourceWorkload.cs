using OrleansBackup.Domain.Identity;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Runs;

/// <summary>What there is to back up in one kind of resource: the parts of its runs.</summary>
internal interface IResourceWorkload
{
    ResourceKind Kind { get; }

    /// <summary>The parts of one run, in the order in which they are done. The first that is essential carries the resource.</summary>
    IEnumerable<IRunPart> PartsOf(RunRequest request, GraphClient client);
}

/// <summary>One share of a run: the mail of a mailbox, its calendars, the lists of a site. It brings its state of now into the vault and commits as it goes.</summary>
internal interface IRunPart
{
    /// <summary>A word of <see cref="ItemIds"/>: part of item ids and of the checkpoint, so it never changes.</summary>
    string Name { get; }

    /// <summary>Whether a point without it is none. Another part that the tenant does not permit is recorded as lacking, and the run goes on.</summary>
    bool IsEssential { get; }

    Task BackUpAsync(RunSession session, CancellationToken cancellation);
}
