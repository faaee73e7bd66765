using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Sites;

namespace OrleansBackup.Grains.Sites;

/// <summary>The lists of a site: their definitions and their items. Libraries are drives.</summary>
internal sealed class ListsPart(SiteReader reader) : IRunPart
{
    public string Name => SiteItems.Lists;

    public bool IsEssential => false;

    public Task BackUpAsync(RunSession session, CancellationToken cancellation) => new ListsRun(session, reader).BackUpAsync(cancellation);
}
