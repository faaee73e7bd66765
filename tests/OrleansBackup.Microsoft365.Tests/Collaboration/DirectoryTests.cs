using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Collaboration;

/// <summary>Groups, sites, teams and channels are found whole, whatever their listings leave out.</summary>
public sealed class DirectoryTests : IAsyncLifetime
{
    private GraphSimulatorHost _host = null!;
    private GraphClientFactory _factory = null!;
    private GraphClient _client = null!;
    private GraphSimulator.World.SimulatedTenant _tenant = null!;

    public async Task InitializeAsync()
    {
        _host = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions { Limits = new LimitSettings { Enabled = false } }, CancellationToken.None);
        var created = _host.Admin.CreateTenant(new TenantRecipe { Users = 3, Guests = 1, MessagesPerMailbox = 0, Sites = 9, Groups = 2, Teams = 5 });
        _tenant = _host.Admin.Tenant(created.TenantId.ToString());
        _factory = new GraphClientFactory(new GraphEndpoints { Graph = new Uri(_host.BaseAddress, "v1.0/"), Authority = _host.BaseAddress },
            new GraphClientOptions { Jitter = () => 0.5 }, new ManualClock { SkipsWaits = true }, NullLoggerFactory.Instance, _host.CreateHttpHandler());
        _client = _factory.Create(new TenantCredential(created.TenantId.ToString(), created.ClientId.ToString(), created.ClientSecret), UnlimitedBudget.Instance);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        _factory.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Every_site_is_found_subsites_included_and_personal_and_archived_ones_are_told_apart()
    {
        var sites = await SitesAsync();
        Assert.Equal(_tenant.Collaboration.Sites.Select(site => site.Id).Order(), sites.Select(site => site.Id).Order());
        Assert.Equal(3, sites.Count(site => site.IsPersonal));
        Assert.Equal(_tenant.Collaboration.Sites.Where(site => site.ArchiveStatus is not null).Select(site => site.Id).Order(), sites.Where(site => site.IsArchived).Select(site => site.Id).Order());
        var deeper = sites.Single(site => site.Name == "Deeper");
        Assert.Equal("Below", sites.Single(site => site.Id == deeper.ParentId).Name);
        Assert.All(sites, site => Assert.NotEmpty(site.Name));
    }

    [Fact]
    public async Task A_site_without_display_name_goes_by_the_end_of_its_address()
    {
        var nameless = _tenant.Collaboration.Sites.First(site => site.DisplayName is null);
        Assert.Equal(nameless.Name, (await SitesAsync()).Single(site => site.Id == nameless.Id).Name);
    }

    [Fact]
    public async Task A_site_that_refuses_is_listed_and_the_others_subsites_are_found()
    {
        _tenant.Collaboration.Sites.First(site => site.Kind == SiteKind.Team).Refusal = new MailboxRefusal(403, "accessDenied", "Access denied");
        Assert.Equal(_tenant.Collaboration.Sites.Count, (await SitesAsync()).Count);
    }

    [Fact]
    public async Task A_tenant_without_SharePoint_says_so_and_is_no_closed_tenant()
    {
        _tenant.Collaboration.LacksSharePoint = true;
        var refused = await Assert.ThrowsAsync<SiteUnavailableException>(SitesAsync);
        Assert.Equal(SiteProblem.NotLicensed, refused.Problem);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        _host.Admin.SetPermissions(_tenant.Id.ToString(), ["User.Read.All"], revokeTokens: true);
        Assert.Equal("Sites.Read.All", (await Assert.ThrowsAsync<TenantAccessException>(SitesAsync)).MissingPermission);
        Assert.Equal("GroupMember.Read.All", (await Assert.ThrowsAsync<TenantAccessException>(async () => await GroupsAsync())).MissingPermission);
        Assert.Equal("Team.ReadBasic.All", (await Assert.ThrowsAsync<TenantAccessException>(async () => await TeamsAsync())).MissingPermission);
    }

    [Fact]
    public async Task Groups_and_teams_are_found_with_or_without_names_and_security_groups_are_told_apart()
    {
        var groups = await GroupsAsync();
        Assert.Equal(8, groups.Count);
        Assert.Equal((7, 5), (groups.Count(group => group.IsUnified), groups.Count(group => group.HasTeam)));
        Assert.All(groups, group => Assert.NotEmpty(group.Name));
        var teams = await TeamsAsync();
        Assert.Equal(groups.Where(group => group.HasTeam).Select(group => group.Id).Order(), teams.Select(team => team.Id).Order());
        Assert.Contains(teams, team => team.Name == team.Id);
        Assert.NotNull(await new SiteDirectory(_client).FindOfGroupAsync(groups.First(group => group.IsUnified).Id, default));
        Assert.Null(await new SiteDirectory(_client).FindOfGroupAsync(groups.First(group => !group.IsUnified).Id, default));
    }

    [Fact]
    public async Task Channels_of_every_membership_are_found()
    {
        foreach (var team in await TeamsAsync())
        {
            var channels = new List<GraphChannel>();
            await foreach (var channel in new TeamDirectory(_client).ListChannelsAsync(team.Id, default))
                channels.Add(channel);
            Assert.Equal(["private", "shared", "standard", "standard", "standard"], channels.Select(channel => channel.Membership).Order());
        }
        await Assert.ThrowsAsync<TeamUnavailableException>(async () =>
        {
            await foreach (var _ in new TeamDirectory(_client).ListChannelsAsync(Guid.NewGuid().ToString(), default))
                Assert.Fail("A team that does not exist has channels.");
        });
    }

    [Theory]
    [InlineData(FaultKind.RepeatedItems)]
    [InlineData(FaultKind.EmptyPage)]
    [InlineData(FaultKind.OutOfOrder)]
    public async Task Listings_with_bad_habits_give_each_thing_once(FaultKind kind)
    {
        _host.World.Faults.Add(new Fault { Kind = kind, Path = "/(sites/getAllSites|groups|teams)[?]", Count = 3 });
        Assert.Equal(_tenant.Collaboration.Sites.Count, (await SitesAsync()).Count);
        Assert.Equal(8, (await GroupsAsync()).Count);
        Assert.Equal(5, (await TeamsAsync()).Count);
        Assert.Contains(_host.World.Faults.View(), fault => fault.Played > 0);
    }

    private async Task<List<GraphSite>> SitesAsync()
    {
        var sites = new List<GraphSite>();
        await foreach (var site in new SiteDirectory(_client).ListAsync(default))
            sites.Add(site);
        return sites;
    }

    private async Task<List<GraphGroup>> GroupsAsync()
    {
        var groups = new List<GraphGroup>();
        await foreach (var group in new TeamDirectory(_client).ListGroupsAsync(default))
            groups.Add(group);
        return groups;
    }

    private async Task<List<GraphTeam>> TeamsAsync()
    {
        var teams = new List<GraphTeam>();
        await foreach (var team in new TeamDirectory(_client).ListTeamsAsync(default))
            teams.Add(team);
        return teams;
    }
}
