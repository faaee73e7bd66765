using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Teams;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Grains.Tests.Teams;

/// <summary>A team lives, runs follow it, and every point equals the simulator's own history.</summary>
public sealed class TeamRunTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_first_run_holds_settings_people_tabs_and_all_that_was_said_older_than_changes_reach_too()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        var result = await scene.RunAsync(team.Id);
        Assert.Empty(result.Warnings);
        Assert.Equal(RunOutcome.Succeeded, result.Outcome);
        await TeamTruth.AssertAsync(scene, team, result.Point, scene.Now);
        Assert.Equal(5, result.Point.ItemsByKind[ItemKinds.Tab]);
        Assert.Equal(3 + 2 + 2, result.Point.ItemsByKind[ItemKinds.TeamMember]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_day_of_a_random_life_gives_a_point_that_equals_that_day_and_older_points_stay_what_they_were(int seed)
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        await scene.AssertEachDayIsTrueAsync(team.Id, seed, intensity: 40, comparedDay: 4, (point, at) => TeamTruth.AssertAsync(scene, team, point, at));
    }

    [Fact]
    public async Task Messages_of_different_channels_share_ids_and_are_kept_apart()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        var ids = team.Channels.Living.Select(channel => team.Content(channel.Id).Messages.Living is [var first, ..] ? first.State.MessageId : null).OfType<string>().ToList();
        Assert.Equal(4, ids.Count);
        Assert.Single(ids.Distinct());
        await TeamTruth.AssertAsync(scene, team, (await scene.RunAsync(team.Id)).Point, scene.Now);
    }

    [Fact]
    public async Task Changes_that_reach_back_too_far_are_followed_by_a_whole_listing()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        await scene.RunAsync(team.Id);
        var channel = team.Channels.Living[0].Id;
        var old = team.Content(channel).Messages.Living.First(message => message.State is { ReplyToId: null, Deleted: null, IsSystem: false });
        scene.Admin.World.Clock.Advance(TimeSpan.FromDays(300));
        team.Content(channel).Messages.Change(old.Id, (state, at) => state with { Body = "<p>changed</p>", Hosted = [], Modified = at });
        // The service tells of no change to a message older than eight months; the weekly comparison does.
        await TeamTruth.AssertAsync(scene, team, (await scene.RunAsync(team.Id, compare: true)).Point, scene.Now);
    }

    [Fact]
    public async Task More_replies_than_come_with_a_post_are_followed()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        team.RepliesWithMessage = 1;
        await TeamTruth.AssertAsync(scene, team, (await scene.RunAsync(team.Id)).Point, scene.Now);
    }

    [Fact]
    public async Task Without_the_permission_or_Microsofts_approval_the_point_lacks_what_was_said_and_says_so()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        scene.Order(new Fault { Kind = FaultKind.Status, Status = 403, Code = "Forbidden", Path = "/messages" });
        var unapproved = await scene.RunAsync(team.Id);
        Assert.Contains("approval", unapproved.Point.Details[PointDetails.Lacks + TeamItems.Channels], StringComparison.Ordinal);
        scene.Admin.World.Faults.Clear();
        scene.Withdraw("ChannelMessage.Read.All");
        var result = await scene.RunAsync(team.Id);
        Assert.Contains("ChannelMessage.Read.All", result.Point.Details[PointDetails.Lacks + TeamItems.Channels], StringComparison.Ordinal);
        Assert.Equal(5, result.Point.ItemsByKind[ItemKinds.Channel]);
        Assert.Equal(0, result.Point.ItemsByKind.GetValueOrDefault(ItemKinds.ChannelMessage));
    }

    [Fact]
    public async Task A_picture_that_is_never_handed_out_is_owed_and_the_message_is_there()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        var (channel, message) = team.Channels.Living.SelectMany(channel => team.Content(channel.Id).Messages.Living.Select(message => (channel.Id, message)))
            .First(pair => pair.message.State is { Deleted: null, ReplyToId: null, IsSystem: false, Hosted.Length: > 0 }); // nothing is told of a reply whose post is deleted, and a message of the service shows no picture
        team.Content(channel).Messages.Change(message.Id, (state, _) => state with { Hosted = [state.Hosted[0] with { IsBroken = true }] });
        var result = await scene.RunAsync(team.Id);
        Assert.True(result.Point.ItemsByKind.ContainsKey(ItemKinds.Debt), $"{team.Channels.Living.Single(c => c.Id == channel).State} {message.State} {string.Join(",", result.Point.ItemsByKind)}");
        Assert.Equal((1, RunOutcome.SucceededWithWarnings), (result.Point.ItemsByKind[ItemKinds.Debt], result.Outcome));
        team.Content(channel).Messages.Change(message.Id, (state, _) => state with { Hosted = [state.Hosted[0] with { IsBroken = false }] });
        result = await scene.RunAsync(team.Id);
        Assert.Equal(0, result.Point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt));
        await TeamTruth.AssertAsync(scene, team, result.Point, scene.Now);
    }

    [Theory]
    [InlineData(FaultKind.RepeatedItems)]
    [InlineData(FaultKind.OutOfOrder)]
    [InlineData(FaultKind.LoopingDelta)]
    [InlineData(FaultKind.CutBody)]
    [InlineData(FaultKind.ErrorInBody)]
    [InlineData(FaultKind.EmptyPage)]
    public async Task Rounds_with_bad_habits_give_the_truth(FaultKind kind)
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        await scene.RunAsync(team.Id);
        scene.Live(1, 4, intensity: 60);
        scene.Order(new Fault { Kind = kind, Path = "/messages/delta", Count = kind == FaultKind.LoopingDelta ? 40 : 2 });
        await TeamTruth.AssertAsync(scene, team, (await scene.RunAsync(team.Id)).Point, scene.Now);
    }

    [Fact]
    public async Task Whoever_left_and_a_tab_that_was_taken_away_are_in_earlier_points_only()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        var first = (await scene.RunAsync(team.Id)).Point;
        await using (var reader = await scene.OpenAsync(team.Id, first))
            Assert.True(Assert.Single(await CollaborationScene.ItemsAsync(reader, ItemKinds.Team)).Value.Item.Contents.ContainsKey("apps"));
        var closed = team.Channels.Living.First(channel => channel.State.MembershipType == "private").Id;
        team.Members.Delete(team.Members.Living[2].Id);
        team.Content(closed).Members.Delete(team.Content(closed).Members.Living[1].Id);
        team.Content(closed).Tabs.Delete(team.Content(closed).Tabs.Living[0].Id);
        var second = (await scene.RunAsync(team.Id)).Point;
        Assert.Equal((first.ItemsByKind[ItemKinds.TeamMember] - 2, first.ItemsByKind[ItemKinds.Tab] - 1), (second.ItemsByKind[ItemKinds.TeamMember], second.ItemsByKind[ItemKinds.Tab]));
    }

    [Fact]
    public async Task What_may_not_be_read_any_more_is_not_taken_for_gone()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        var first = (await scene.RunAsync(team.Id)).Point;
        scene.Order(new Fault { Kind = FaultKind.Status, Status = 403, Code = "Forbidden", Path = "/tabs" });
        scene.Withdraw("TeamsTab.Read.All", "TeamsTab.ReadWrite.All", "TeamsTab.Create", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
        team.Members.Delete(team.Members.Living[2].Id);
        var second = (await scene.RunAsync(team.Id)).Point;
        Assert.Contains(PointDetails.Lacks + "team-tabs", second.Details.Keys);
        Assert.Equal((first.ItemsByKind[ItemKinds.TeamMember], first.ItemsByKind[ItemKinds.Tab]), (second.ItemsByKind[ItemKinds.TeamMember], second.ItemsByKind[ItemKinds.Tab]));
    }

    [Fact]
    public async Task A_message_that_vanished_without_being_told_goes_at_the_comparison()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        await scene.RunAsync(team.Id);
        var channel = team.Channels.Living.First(candidate => team.Content(candidate.Id).Messages.Count > 0).Id;
        var last = team.Content(channel).Messages.Living.Last(message => message.State is { Deleted: null, IsSystem: false, ReplyToId: null }
            && !team.Content(channel).Messages.Living.Any(reply => reply.State.ReplyToId == message.State.MessageId));
        team.Content(channel).Messages.Delete(last.Id);
        await TeamTruth.AssertAsync(scene, team, (await scene.RunAsync(team.Id, compare: true)).Point, scene.Now);
    }

    [Fact]
    public async Task A_throttled_team_is_waited_for_and_loses_nothing()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        scene.Order(new Fault { Kind = FaultKind.Status, Status = 429, Code = "TooManyRequests", Path = "/teams/", Skip = 2, Count = 3 });
        scene.Order(new Fault { Kind = FaultKind.Status, Status = 429, Code = "TooManyRequests", Path = "/messages", Skip = 4, Count = 3 });
        var result = await scene.RunAsync(team.Id);
        Assert.Empty(result.Warnings);
        await TeamTruth.AssertAsync(scene, team, result.Point, scene.Now);
        Assert.All(scene.Admin.World.Faults.View().Where(played => played.Fault.Tenant == scene.Tenant.ToString()), played => Assert.True(played.IsDone));
    }

    [Fact]
    public async Task A_run_without_changes_writes_nothing_again()
    {
        await using var scene = await StartAsync();
        await scene.AssertQuietRunIsFreeAsync(Team(scene).Id);
    }

    [Fact]
    public async Task A_team_that_is_gone_is_a_failed_run_and_no_empty_point()
    {
        await using var scene = await StartAsync();
        var team = Team(scene);
        await scene.RunAsync(team.Id);
        team.IsDeleted = true;
        Assert.Equal(TeamProblem.NoTeam, (await Assert.ThrowsAsync<TeamUnavailableException>(() => scene.RunAsync(team.Id))).Problem);
    }

    internal static SimulatedTeam Team(CollaborationScene scene) => scene.World.Collaboration.Teams.First();

    private Task<CollaborationScene> StartAsync() => CollaborationScene.StartAsync(simulator, new TenantRecipe { Users = 3, Teams = 1, MessagesPerChannel = 30 }, Workload());

    internal static readonly IOptions<TeamReadOptions> Reading = Options.Create(new TeamReadOptions { RequestsPerSecond = 100_000, PostsPerPage = 10 });

    internal static TeamWorkload Workload() => new(Reading);
}
