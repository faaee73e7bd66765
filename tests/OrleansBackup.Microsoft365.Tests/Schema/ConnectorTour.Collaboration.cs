using System.Text;
using System.Text.Json.Nodes;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Microsoft365.Tests.Schema;

/// <summary>What the connector does with drives, sites and teams.</summary>
internal sealed partial class ConnectorTour
{
    public async Task DrivesAsync()
    {
        var found = await DriveReader.FindOfUserAsync(_client, User, CancellationToken.None);
        var reader = new DriveReader(_client, found.Id, new DriveReadOptions());
        var writer = new DriveWriter(_client, found.Id, new DriveWriteOptions { PieceUnits = 1 });
        var items = new List<DriveItem>();
        await foreach (var page in reader.ReadChangesAsync(null, CancellationToken.None)) items.AddRange(page.Items);
        await foreach (var _ in reader.ListAsync(CancellationToken.None))
        {
        }

        var file = items.First(item => item is { Kind: DriveItemKind.File, Size: > 0 });
        await foreach (var _ in reader.ListChildrenAsync("root", CancellationToken.None))
        {
        }

        await reader.TryReadAsync(file.Id, CancellationToken.None);
        await using (var bytes = reader.Open(file)) await bytes.CopyToAsync(Stream.Null);
        await reader.ReadPermissionsAsync([.. items.Select(item => item.Id)], CancellationToken.None);

        var folder = await writer.EnsureFolderAsync("root", "Restored", CancellationToken.None);
        foreach (var (name, length) in new[] { ("empty.txt", 0), ("small.txt", 10), ("large.bin", DriveWriteOptions.PieceUnit + 1) })
        {
            var made = await writer.CreateAsync(folder.Id, File(name, length), NameConflict.Fail, CancellationToken.None);
            await writer.ReplaceAsync(made.Id, File(name, length), CancellationToken.None);
            await writer.ChangeAsync(made.Id, "root", name + "x", _host.World.Clock.GetUtcNow(), _host.World.Clock.GetUtcNow(), CancellationToken.None);
        }

        var person = new SharingRecipient(_tenant.Mailboxes[1].UserId.ToString(), _tenant.Mailboxes[1].Upn, "Somebody");
        await writer.GrantAsync(folder.Id, new SharingEntry { Kind = SharingKind.Recipient, Role = "read", Recipients = [person], Expires = "2030-01-01T00:00:00Z" }, CancellationToken.None);
        await writer.GrantAsync(folder.Id, new SharingEntry { Kind = SharingKind.Link, Role = "read", LinkType = "view", LinkScope = "organization", Expires = "2030-01-01T00:00:00Z" }, CancellationToken.None);
        await writer.DeleteAsync(folder.Id, CancellationToken.None);

        static FileToWrite File(string name, int length) =>
            new(name, length, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, _ => Task.FromResult<Stream>(new MemoryStream(Encoding.ASCII.GetBytes(new string('x', length)))));
    }

    public async Task SitesAsync()
    {
        var sites = new List<GraphSite>();
        await foreach (var site in new SiteDirectory(_client).ListAsync(CancellationToken.None)) sites.Add(site);
        await foreach (var group in new TeamDirectory(_client).ListGroupsAsync(CancellationToken.None)) await new SiteDirectory(_client).FindOfGroupAsync(group.Id, CancellationToken.None);
        foreach (var site in sites.Where(site => !site.IsPersonal && !site.IsArchived))
        {
            var reader = new SiteReader(_client, site.Id, new SiteReadOptions());
            await reader.ReadAsync(CancellationToken.None);
            await reader.ReadPermissionsAsync(CancellationToken.None);
            await DriveReader.ListOfSiteAsync(_client, site.Id, CancellationToken.None);
            var writer = new SiteWriter(_client, site.Id);
            foreach (var list in (await reader.ReadListsAsync(CancellationToken.None)).Where(list => list.HoldsItems)) await ListAsync(reader, writer, list);
            foreach (var page in await reader.ReadPagesAsync(CancellationToken.None))
            {
                var made = await writer.CreatePageAsync(await reader.FetchPageAsync(page.Id, CancellationToken.None), $"again-{page.Name}", mayPublish: true, CancellationToken.None);
                await writer.DeletePageAsync(made.Id, CancellationToken.None);
            }
        }
    }

    private static async Task ListAsync(SiteReader reader, SiteWriter writer, SiteList list)
    {
        var entries = new List<ListEntry>();
        await foreach (var page in reader.ReadItemsAsync(list.Id, null, CancellationToken.None)) entries.AddRange(page.Entries.Where(entry => entry is { IsDeleted: false, Problem: null }));
        await foreach (var _ in reader.ListItemsAsync(list.Id, CancellationToken.None))
        {
        }

        await reader.FetchItemsAsync(list.Id, [.. entries.Take(3).Select(entry => entry.Id)], CancellationToken.None);
        var composer = new ListComposer(list.Json);
        var (made, _) = await writer.CreateListAsync(composer, list.Name + " again", CancellationToken.None);
        foreach (var entry in entries)
        {
            var (fields, isFolder, _) = composer.Item(entry.Json, sameSite: true);
            var (id, _) = await writer.CreateItemAsync(made.Id, fields, isFolder, CancellationToken.None);
            await writer.ChangeItemAsync(made.Id, id, fields, CancellationToken.None);
            await writer.DeleteItemAsync(made.Id, id, CancellationToken.None);
        }
    }

    public async Task TeamsAsync()
    {
        var (directory, options) = (new TeamDirectory(_client), new TeamReadOptions { RequestsPerSecond = 100_000, PostsPerPage = 5 });
        await foreach (var _ in directory.ListGroupsAsync(CancellationToken.None))
        {
        }

        var teams = new List<GraphTeam>();
        await foreach (var team in directory.ListTeamsAsync(CancellationToken.None)) teams.Add(team);
        var id = teams[0].Id;
        await foreach (var _ in directory.ListChannelsAsync(id, CancellationToken.None))
        {
        }

        var (reader, writer) = (new TeamReader(_client, id, options), new TeamWriter(_client, id, options));
        await writer.ChangeSettingsAsync((await reader.ReadAsync(CancellationToken.None)).Json, CancellationToken.None);
        var members = await reader.ReadMembersAsync(CancellationToken.None);
        await writer.AddMemberAsync(members[0].Json, channelId: null, CancellationToken.None);
        await reader.ReadAppsAsync(CancellationToken.None);
        foreach (var (channel, _) in await reader.ReadChannelsAsync(CancellationToken.None)) await ChannelAsync(reader, writer, channel);
    }

    private async Task ChannelAsync(TeamReader reader, TeamWriter writer, GraphChannel channel)
    {
        foreach (var tab in await reader.ReadTabsAsync(channel.Id, CancellationToken.None)) await writer.AddTabAsync(channel.Id, Renamed(tab.Json), CancellationToken.None);
        if (channel.Membership != "standard")
            foreach (var member in await reader.ReadChannelMembersAsync(channel.Id, CancellationToken.None)) await writer.AddMemberAsync(member.Json, channel.Id, CancellationToken.None);
        await reader.FindFilesFolderAsync(channel.Id, CancellationToken.None);
        var messages = new List<ChannelMessage>();
        foreach (var since in new DateTimeOffset?[] { null, _host.World.Clock.GetUtcNow().AddDays(-1) })
            await foreach (var page in reader.ReadMessagesAsync(channel.Id, since, CancellationToken.None)) messages.AddRange(page.Messages);
        foreach (var message in messages.Where(message => !message.IsDeleted).Take(20))
            foreach (var hosted in message.HostedContents)
                await (await reader.OpenHostedContentAsync(channel.Id, message, hosted, CancellationToken.None)).DisposeAsync();
        var first = messages.Where(message => message is { IsDeleted: false, IsSystem: false }).ToList();
        if (first.Count == 0) return;
        var made = await writer.CreateChannelAsync($"{channel.Name} again", "Made again", DateTimeOffset.UnixEpoch.AddYears(40), CancellationToken.None);
        var at = DateTimeOffset.UnixEpoch.AddYears(41);
        string? post = null;
        foreach (var message in first.Take(10))
        {
            if (ChannelMessageComposer.Compose(message.Json, [new StoredHostedContent("aWQ9", "image/png", new byte[] { 1 })], at = at.AddSeconds(1)) is not var (body, _)) continue;
            var imported = await writer.ImportAsync(made, post, body, CancellationToken.None);
            post ??= imported;
        }

        await writer.CompleteImportAsync(made, CancellationToken.None);
        await writer.StartImportAsync(channel.Id, _host.World.Clock.GetUtcNow().AddYears(-3), CancellationToken.None);
        await writer.CompleteImportAsync(channel.Id, CancellationToken.None);
    }

    private static byte[] Renamed(ReadOnlyMemory<byte> json)
    {
        var node = Node(json);
        node["displayName"] = (string?)node["displayName"] + " again";
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }
}
