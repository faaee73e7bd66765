using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>The modern pages of a site. They have no change tracking: each run lists them all and reads those whose eTag is another.</summary>
internal sealed class PagesPart(SiteReader reader) : IRunPart
{
    public string Name => SiteItems.Pages;

    public bool IsEssential => false;

    public async Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        session.Board.Step("Reading the pages of the site");
        var debts = session.DebtsOf(SiteItems.Pages);
        foreach (var debt in await debts.ReadAsync(cancellation))
            debts.Know(debt);
        var intake = new JsonIntake(session, debts, SiteItems.Pages);
        var pages = await reader.ReadPagesAsync(cancellation);
        await session.Writer.UpsertAsync(SiteItems.Plain(SiteItems.PagesId(reader.SiteId), SiteItems.SiteId(reader.SiteId), ItemKinds.PageLibrary, "Pages", null), cancellation);
        foreach (var page in pages)
        {
            var id = SiteItems.PageId(reader.SiteId, page.Id);
            if (!await intake.HasAsync(id, page.ETag, cancellation))
                await TakeAsync(page, id, intake, debts, cancellation);
            await session.CommitWhenDueAsync(cancellation);
        }
        var living = pages.Select(page => SiteItems.PageId(reader.SiteId, page.Id)).ToHashSet(StringComparer.Ordinal);
        await intake.RemoveOthersAsync(new ItemFilter(ItemKinds.Page, null), item => living.Contains(item.Id), cancellation);
        foreach (var debt in await debts.ReadAsync(cancellation))
            if (!living.Contains(debt.ItemId))
                await debts.ForgiveAsync(debt.ItemId, null, cancellation);
    }

    private async Task TakeAsync(SitePage page, string id, JsonIntake intake, DebtBook debts, CancellationToken cancellation)
    {
        try
        {
            await intake.TakeAsync(SiteItems.Page(reader.SiteId, page), await reader.FetchPageAsync(page.Id, cancellation), page.ETag, cancellation);
        }
        catch (ItemGoneException)
        {
            await intake.RemoveAsync(id, cancellation); // went since it was listed
        }
        catch (Exception exception) when (DebtBook.IsOfItem(exception))
        {
            debts.ThrowOnBadDay(exception);
            await debts.OweAsync(id, SiteItems.PagesId(reader.SiteId), page.Title ?? page.Name, DebtBook.CodeOf(exception), cancellation);
        }
    }
}
