using System.Text;
using Microsoft.Extensions.Options;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Teams;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Grains.Tests.Teams;

/// <summary>What was said comes back as messages where the tenant permits it, else as pages in the channel's files; each outcome says which.</summary>
public sealed class TeamRestoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TeamRestore Restore = new(TeamRunTests.Reading, Options.Create(new DriveWriteOptions()));

    [Fact]
    public async Task A_deleted_channel_comes_back_as_a_new_one_with_authors_times_replies_and_pictures()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var channel = Standard(team);
        var before = Living(team, channel.Id);
        var point = (await scene.RunAsync(team.Id)).Point;
        team.Channels.Delete(channel.Id);
        var ledger = await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel.Id)));
        Assert.Equal((before.Count, before.Count), (ledger.Asked, ledger.Count(OutcomeKind.Restored)));
        var made = team.Channels.Living.Single(candidate => candidate.State.DisplayName == TeamWriter.Acceptable(channel.State.DisplayName!));
        Assert.Equal("completed", made.State.MigrationMode);
        AssertSame(before, Living(team, made.Id));
    }

    [Fact]
    public async Task Into_the_channel_that_is_there_only_what_is_missing_goes_back_and_a_second_time_nothing()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var channel = Standard(team).Id;
        var point = (await scene.RunAsync(team.Id)).Point;
        var before = Living(team, channel);
        foreach (var message in before.Take(6))
            team.Content(channel).Messages.Change(message.Key, (state, at) => state with { Deleted = at, Modified = at });
        var first = await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel)));
        Assert.Equal((6, before.Count - 6), (first.Count(OutcomeKind.Restored), first.Count(OutcomeKind.Skipped)));
        Assert.Equal(before.Count, Living(team, channel).Count);
        // A deleted post keeps its time taken; a reply below its new self does not meet it.
        Assert.Contains(first.Outcomes, outcome => outcome.LossFacts.Any(loss => loss.Kind == TeamLossKind.Time));
        var second = await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel)));
        Assert.Equal((0, before.Count), (second.Count(OutcomeKind.Restored), Living(team, channel).Count));
        Assert.Equal("completed", team.Channels.Find(channel)!.State.MigrationMode);
    }

    [Fact]
    public async Task Beside_means_a_new_channel_and_nothing_is_touched()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var channel = Standard(team);
        var point = (await scene.RunAsync(team.Id)).Point;
        var before = Living(team, channel.Id);
        await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel.Id)), under: ["restored"]);
        AssertSame(before, Living(team, team.Channels.Living.Single(candidate => candidate.State.DisplayName == TeamWriter.Acceptable(channel.State.DisplayName + " restored")).Id));
        Assert.Equal(before.Count, Living(team, channel.Id).Count);
    }

    [Fact]
    public async Task Where_the_tenant_permits_no_import_the_messages_are_pages_in_the_channels_files_and_the_outcome_says_so()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var channel = Standard(team);
        var before = Living(team, channel.Id);
        var point = (await scene.RunAsync(team.Id)).Point;
        scene.Withdraw("Teamwork.Migrate.All");
        var ledger = await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel.Id)));
        Assert.Equal(before.Count, ledger.Count(OutcomeKind.Restored));
        Assert.All(ledger.Outcomes, outcome => Assert.Contains(outcome.LossFacts, loss => loss.Kind == TeamLossKind.AsArchive));
        var drive = scene.World.Drives.OfOwner($"site:{channel.State.SiteId}")[0];
        var files = scene.Admin.DriveState(scene.Tenant.ToString(), drive.Id).Items.Where(item => item.Path.Contains(MessageArchive.FolderName + "/", StringComparison.Ordinal)).ToList();
        Assert.Equal((before.Count + 49) / 50, files.Count);
        Assert.Equal(before.Count, Living(team, channel.Id).Count);
    }

    [Fact]
    public async Task An_archive_page_holds_what_was_said_with_its_pictures_and_runs_nothing()
    {
        var json = Encoding.UTF8.GetBytes("""{"id":"1","createdDateTime":"2026-01-05T08:00:00.000Z","from":{"user":{"id":"u","displayName":"A <b>"}},"body":{"contentType":"html","content":"<script>alert(1)</script><p>hello</p><img src=\"https://graph.example/v1.0/teams/t/channels/c/messages/1/hostedContents/h1/$value\">"},"reactions":[{"reactionType":"like"}]}""");
        var html = ChannelMessageComposer.ToHtml(json, [new StoredHostedContent("h1", "image/png", new byte[] { 1, 2, 3 })], isReply: false);
        Assert.Contains("<p>hello</p><img src=\"data:image/png;base64,AQID\">", html, StringComparison.Ordinal);
        Assert.Contains("A &lt;b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("script", html, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task People_and_settings_come_back_only_where_they_were_asked_for()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var point = (await scene.RunAsync(team.Id)).Point;
        var left = team.Members.Living[2];
        team.Members.Delete(left.Id);
        team.Settings.Change(team.Settings.Living[0].Id, (state, _) => state with { AllowGiphy = false, GiphyRating = "strict" });
        await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.All);
        Assert.Null(team.Members.Find(left.Id));
        Assert.False(team.Settings.Living[0].State.AllowGiphy);
        var ledger = await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.All, permissions: true);
        Assert.Empty(ledger.Warnings);
        Assert.True(team.Settings.Living[0].State.AllowGiphy);
        Assert.Contains(team.Members.Living, member => member.State.UserId == left.State.UserId);
    }

    [Fact]
    public async Task A_deleted_channel_in_which_nothing_was_said_is_made_again_as_an_ordinary_one()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var quiet = team.Channels.Living.First(channel => channel.State.DisplayName == "Quiet");
        var point = (await scene.RunAsync(team.Id)).Point;
        team.Channels.Delete(quiet.Id);
        await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.All);
        var made = team.Channels.Living.Single(channel => channel.State.DisplayName == "Quiet");
        Assert.Null(made.State.MigrationMode);
        await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.All);
        Assert.Single(team.Channels.Living, channel => channel.State.DisplayName == "Quiet");
    }

    [Theory]
    [InlineData("private", true)]
    [InlineData("shared", true)]
    [InlineData("private", false)]
    public async Task What_few_people_were_to_read_is_never_put_where_the_whole_team_reads_it_unless_somebody_chose_the_place(string membership, bool mayImport)
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var closed = team.Channels.Living.First(channel => channel.State.MembershipType == membership);
        var point = (await scene.RunAsync(team.Id)).Point;
        team.Channels.Delete(closed.Id);
        if (!mayImport)
            scene.Withdraw("Teamwork.Migrate.All");
        var open = Standard(team);
        var (channels, said) = (team.Channels.Count, Living(team, open.Id).Count);
        var refused = await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(closed.Id)));
        Assert.Equal((refused.Asked, channels), (refused.Count(OutcomeKind.Failed), team.Channels.Count));
        Assert.Contains(membership, refused.Outcomes.First().Reason, StringComparison.Ordinal);
        if (!mayImport)
            return;
        var chosen = await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(closed.Id)), container: open.Id, conflict: ConflictPolicy.Copy);
        Assert.Equal(said + chosen.Count(OutcomeKind.Restored), Living(team, open.Id).Count);
        Assert.True(chosen.Count(OutcomeKind.Restored) > 0);
    }

    [Fact]
    public async Task A_job_that_dies_in_the_middle_of_an_import_goes_on_doubles_nothing_and_closes_the_channel()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var channel = Standard(team);
        var before = Living(team, channel.Id);
        var point = (await scene.RunAsync(team.Id)).Point;
        team.Channels.Delete(channel.Id);
        var ledger = new MemoryLedger { DieBeforePage = () => throw new InvalidOperationException("The process died.") };
        await Assert.ThrowsAsync<InvalidOperationException>(() => scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel.Id)), ledger: ledger));
        (ledger.DieBeforePage, ledger.Interrupted) = (null, true);
        await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel.Id)), ledger: ledger);
        var made = team.Channels.Living.Single(candidate => candidate.State.DisplayName == TeamWriter.Acceptable(channel.State.DisplayName!));
        Assert.Equal("completed", made.State.MigrationMode);
        AssertSame(before, Living(team, made.Id));
    }

    [Fact]
    public async Task A_channel_that_the_target_does_not_have_is_refused_before_anything_starts()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var point = (await scene.RunAsync(team.Id)).Point;
        var refused = await Assert.ThrowsAsync<GrainInterfaces.InvalidRequestException>(() => scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.All, container: "19:unknown@thread.tacv2"));
        Assert.Equal("target.container", refused.Field);
    }

    [Fact]
    public async Task What_an_import_loses_is_told_before_the_job_runs_and_is_what_it_then_loses()
    {
        await using var scene = await CollaborationScene.StartAsync(simulator, new TenantRecipe { Users = 3, Teams = 1, MessagesPerChannel = 80 }, TeamRunTests.Workload());
        var team = TeamRunTests.Team(scene);
        var channel = Standard(team);
        var messages = team.Content(channel.Id).Messages;
        var post = messages.Living.First(root => root.State is { ReplyToId: null, Deleted: null, IsSystem: false }
            && messages.Living.Any(reply => reply.State is { Deleted: null } && reply.State.ReplyToId == root.State.MessageId));
        messages.Change(post.Id, (state, at) => state with { Deleted = at, Modified = at }); // its replies are there still
        var point = (await scene.RunAsync(team.Id)).Point;
        var preview = await scene.PreviewAsync(Restore, team.Id, point);
        foreach (var standing in team.Channels.Living.Where(candidate => candidate.State.MembershipType == "standard").ToList())
            foreach (var message in team.Content(standing.Id).Messages.Living.ToList())
                team.Content(standing.Id).Messages.Delete(message.Id);
        var ledger = await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.All);
        foreach (var kind in new[] { TeamLossKind.Mentions, TeamLossKind.Reactions })
        {
            var lost = ledger.Outcomes.Count(outcome => outcome.LossFacts.Any(loss => loss.Kind == kind));
            Assert.True(lost > 0 && preview.Losses.Single(loss => loss.Kind == kind).Items >= lost, kind); // what is still there in closed channels loses nothing
        }
        Assert.Contains(preview.Losses, loss => loss.Kind == TeamLossKind.Chain);
    }

    [Fact]
    public async Task A_team_that_is_gone_in_the_middle_of_a_restore_ends_the_job_with_the_reason()
    {
        await using var scene = await CollaborationScene.StartAsync(simulator, new TenantRecipe { Users = 3, Teams = 1, MessagesPerChannel = 120 }, TeamRunTests.Workload());
        var team = TeamRunTests.Team(scene);
        var channel = Standard(team);
        var point = (await scene.RunAsync(team.Id)).Point;
        team.Channels.Delete(channel.Id);
        var ledger = new MemoryLedger { DieBeforePage = () => team.IsDeleted = true }; // it does not die: the team does, between two pages
        var exception = await Assert.ThrowsAsync<TeamUnavailableException>(() => scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel.Id)), ledger: ledger));
        Assert.Equal((TeamProblem.NoTeam, false), (exception.Problem, exception.IsTransient));
        Assert.Equal((1, 0), (ledger.PagesDone, ledger.Count(OutcomeKind.Failed)));
    }

    [Fact]
    public async Task A_channel_that_is_gone_in_the_middle_of_a_restore_costs_its_own_messages_only()
    {
        await using var scene = await CollaborationScene.StartAsync(simulator, new TenantRecipe { Users = 3, Teams = 1, MessagesPerChannel = 120 }, TeamRunTests.Workload());
        var team = TeamRunTests.Team(scene);
        var channel = Standard(team);
        var point = (await scene.RunAsync(team.Id)).Point;
        team.Channels.Delete(channel.Id);
        var ledger = new MemoryLedger
        {
            DieBeforePage = () =>
            {
                if (team.Channels.Living.FirstOrDefault(candidate => candidate.State.DisplayName == TeamWriter.Acceptable(channel.State.DisplayName!)) is { } made)
                    team.Channels.Delete(made.Id);
            },
        };
        await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.Folder(TeamItems.ChannelId(channel.Id)), ledger: ledger);
        Assert.Equal(ledger.Asked, ledger.Outcomes.Count());
        Assert.True(ledger.Count(OutcomeKind.Restored) > 0 && ledger.Count(OutcomeKind.Failed) > 0);
        Assert.Single(ledger.Warnings); // it cannot be closed either
    }

    [Fact]
    public async Task People_of_a_private_channel_come_back_into_it_alone_and_tabs_are_not_doubled()
    {
        await using var scene = await StartAsync();
        var team = TeamRunTests.Team(scene);
        var closed = team.Channels.Living.First(channel => channel.State.MembershipType == "private").Id;
        var point = (await scene.RunAsync(team.Id)).Point;
        var (left, people, tabs) = (team.Content(closed).Members.Living[1], team.Members.Count, Tabs());
        team.Content(closed).Members.Delete(left.Id);
        await scene.RestoreAsync(Restore, team.Id, point, RestoreSelection.All, permissions: true);
        Assert.Contains(team.Content(closed).Members.Living, member => member.State.UserId == left.State.UserId);
        Assert.Equal((people, tabs), (team.Members.Count, Tabs()));

        int Tabs() => team.Channels.Living.Sum(channel => team.Content(channel.Id).Tabs.Count);
    }

    private static ChronicleVersion<ChannelState> Standard(SimulatedTeam team) =>
        team.Channels.Living.First(channel => channel.State is { MembershipType: "standard", IsGeneral: false } && team.Content(channel.Id).Messages.Count > 0);

    private static List<ChannelMessageState> Living(SimulatedTeam team, string channelId) =>
        [.. team.Content(channelId).Messages.Living.Select(message => message.State).Where(state => state is { Deleted: null, IsSystem: false })];

    /// <summary>Author, time, chain, text, pictures and links; mentions are text and reactions are gone, as the service will have it.</summary>
    private static void AssertSame(List<ChannelMessageState> before, List<ChannelMessageState> now)
    {
        var roots = before.Where(message => message.ReplyToId is null).Select(message => message.MessageId).ToHashSet();
        Assert.Equal(before.Select(message => Says(message, roots)).Order(StringComparer.Ordinal), now.Select(message => Says(message, roots)).Order(StringComparer.Ordinal));

        // A reply whose post was deleted has nothing to answer any more.
        static string Says(ChannelMessageState message, HashSet<string> roots) => string.Join(" | ", message.ReplyToId is { } post && roots.Contains(post) ? post : "-", message.MessageId, message.FromUserId, message.Subject,
            System.Text.RegularExpressions.Regex.Replace(message.Body, "<at[^>]*>(.*?)</at>", "<b>@$1</b>"), string.Join(',', message.Hosted.Select(hosted => Convert.ToHexString(hosted.Bytes.AsSpan())[..32])), string.Join(',', message.Attachments.Select(file => file.ContentUrl)));
    }

    private Task<CollaborationScene> StartAsync() => CollaborationScene.StartAsync(simulator, new TenantRecipe { Users = 3, Teams = 1, MessagesPerChannel = 30 }, TeamRunTests.Workload());
}
