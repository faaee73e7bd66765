using System.Net;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>Change tracking: what a round tells, and how its tokens live and die.</summary>
public sealed class DeltaTests : IAsyncLifetime
{
    private SimulatedGraph _graph = null!;

    public async Task InitializeAsync() => _graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 2, MessagesPerMailbox = 0 });

    public async Task DisposeAsync() => await _graph.DisposeAsync();

    private string Inbox => $"/users/{_graph.User}/mailFolders/inbox/messages/delta";

    private string Archive => $"/users/{_graph.User}/mailFolders/archive/messages/delta";

    [Fact]
    public async Task A_round_without_changes_is_empty_and_ends_in_a_new_link()
    {
        Deliver("one");
        var (first, link) = await _graph.AllAsync(Inbox);
        Assert.Single(first);
        var (second, next) = await _graph.AllAsync(link!);
        Assert.Empty(second);
        Assert.NotEqual(link, next);
    }

    [Fact]
    public async Task A_move_is_a_removal_in_the_old_folder_and_a_new_item_in_the_new_one_with_the_same_immutable_id()
    {
        var id = Deliver("moved");
        var (_, inbox) = await _graph.AllAsync(Inbox, SimulatedGraph.Immutable);
        var (_, archive) = await _graph.AllAsync(Archive, SimulatedGraph.Immutable);
        _graph.Admin.MoveMessage(_graph.TenantName, _graph.User, id, "archive");
        var (left, _) = await _graph.AllAsync(inbox!, SimulatedGraph.Immutable);
        var (came, _) = await _graph.AllAsync(archive!, SimulatedGraph.Immutable);
        Assert.Equal("deleted", (string)Assert.Single(left)["@removed"]!["reason"]!);
        Assert.Equal((id, id), ((string)left[0]["id"]!, (string)Assert.Single(came)["id"]!));
    }

    [Fact]
    public async Task Without_the_preference_the_id_changes_with_the_move()
    {
        var id = Deliver("moved");
        var (before, inbox) = await _graph.AllAsync(Inbox);
        _graph.Admin.MoveMessage(_graph.TenantName, _graph.User, id, "archive");
        var (left, _) = await _graph.AllAsync(inbox!);
        var (came, _) = await _graph.AllAsync(Archive);
        Assert.Equal((string)before[0]["id"]!, (string)left[0]["id"]!);
        Assert.NotEqual((string)left[0]["id"]!, (string)came[0]["id"]!);
        Assert.Equal((HttpStatusCode.NotFound, "ErrorItemNotFound"), await _graph.RefusedAsync(HttpMethod.Get, $"/users/{_graph.User}/messages/{left[0]["id"]}"));
    }

    [Fact]
    public async Task A_message_that_left_and_came_back_is_one_change_with_immutable_ids_and_two_without()
    {
        var id = Deliver("returned");
        var (_, immutable) = await _graph.AllAsync(Inbox, SimulatedGraph.Immutable);
        var (_, mutable) = await _graph.AllAsync(Inbox);
        _graph.Admin.MoveMessage(_graph.TenantName, _graph.User, id, "archive");
        _graph.Admin.MoveMessage(_graph.TenantName, _graph.User, id, "inbox");
        Assert.False(Assert.Single((await _graph.AllAsync(immutable!, SimulatedGraph.Immutable)).Items).ContainsKey("@removed"));
        Assert.Equal([true, false], (await _graph.AllAsync(mutable!)).Items.Select(item => item.ContainsKey("@removed")));
    }

    [Fact]
    public async Task What_changes_during_a_round_is_told_in_the_next()
    {
        for (var i = 0; i < 4; i++)
            Deliver($"message {i}");
        var page = await _graph.GetAsync(Inbox, "odata.maxpagesize=2");
        Deliver("late");
        var (rest, link) = await _graph.AllAsync((string)page["@odata.nextLink"]!, "odata.maxpagesize=2");
        Assert.Equal(2, rest.Count);
        Assert.Equal("late", (string)Assert.Single((await _graph.AllAsync(link!)).Items)["subject"]!);
    }

    [Fact]
    public async Task The_token_remembers_the_options_and_refuses_others()
    {
        Deliver("one");
        var (items, link) = await _graph.AllAsync(Inbox + "?$select=subject");
        Assert.Equal(["@odata.etag", "id", "subject"], items[0].Select(property => property.Key).Order(StringComparer.Ordinal));
        Deliver("two");
        Assert.False((await _graph.AllAsync(link!)).Items[0].ContainsKey("body"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _graph.RefusedAsync(HttpMethod.Get, link + "&$select=isRead")).Status);
    }

    [Fact]
    public async Task A_garbled_token_and_one_of_another_folder_are_refused()
    {
        var (_, link) = await _graph.AllAsync(Inbox);
        var token = link![(link!.IndexOf('=', StringComparison.Ordinal) + 1)..];
        Assert.Equal((HttpStatusCode.BadRequest, "BadRequest"), await _graph.RefusedAsync(HttpMethod.Get, Inbox + "?$deltatoken=abc"));
        Assert.Equal((HttpStatusCode.BadRequest, "SyncStateInvalid"), await _graph.RefusedAsync(HttpMethod.Get, $"{Archive}?$deltatoken={token}"));
    }

    [Fact]
    public async Task A_forgotten_token_answers_410_and_a_fresh_round_works()
    {
        Deliver("one");
        var (_, link) = await _graph.AllAsync(Inbox);
        _graph.Admin.ForgetDeltaTokens(_graph.TenantName, _graph.User);
        Assert.Equal((HttpStatusCode.Gone, "SyncStateNotFound"), await _graph.RefusedAsync(HttpMethod.Get, link!));
        Assert.Single((await _graph.AllAsync(Inbox)).Items);
    }

    [Fact]
    public async Task The_oldest_tokens_of_a_mailbox_die_when_it_remembers_only_some()
    {
        _graph.Host.World.Limits.Current = new LimitSettings { LiveDeltaTokens = 2 };
        var (_, first) = await _graph.AllAsync(Inbox);
        var (_, second) = await _graph.AllAsync(Archive);
        await _graph.AllAsync(first!);
        Assert.Equal(HttpStatusCode.Gone, (await _graph.RefusedAsync(HttpMethod.Get, first!)).Status);
        await _graph.AllAsync(second!);
    }

    [Fact]
    public async Task The_delta_of_a_folder_that_was_deleted_is_not_found_and_the_folder_delta_tells_why()
    {
        var (_, created) = await _graph.PostAsync($"/users/{_graph.User}/mailFolders", new JsonObject { ["displayName"] = "Gone soon" });
        var id = (string)created!["id"]!;
        var (_, folders) = await _graph.AllAsync($"/users/{_graph.User}/mailFolders/delta");
        var (_, link) = await _graph.AllAsync($"/users/{_graph.User}/mailFolders/{id}/messages/delta");
        _graph.Admin.DeleteFolder(_graph.TenantName, _graph.User, id);
        Assert.Equal((HttpStatusCode.NotFound, "ErrorItemNotFound"), await _graph.RefusedAsync(HttpMethod.Get, link!));
        Assert.Contains((await _graph.AllAsync(folders!)).Items, folder => (string)folder["id"]! == id && folder.ContainsKey("@removed"));
    }

    [Fact]
    public async Task Top_ends_the_round_early_and_loses_the_rest()
    {
        for (var i = 0; i < 5; i++)
            Deliver($"message {i}");
        var (items, link) = await _graph.AllAsync(Inbox + "?$top=3", "odata.maxpagesize=2");
        Assert.Equal(3, items.Count);
        Assert.Empty((await _graph.AllAsync(link!)).Items);
        Assert.Equal(3, (await _graph.AllAsync($"/users/{_graph.User}/mailFolders/inbox/messages?$top=3", "odata.maxpagesize=2")).Items.Count);
    }

    [Fact]
    public async Task Users_delta_tells_who_came_and_who_left_and_its_token_dies_after_seven_days()
    {
        var (users, link) = await _graph.AllAsync("/users/delta?$select=displayName,userType");
        Assert.Equal(2, users.Count);
        var directory = _graph.Admin.Tenant(_graph.TenantName).Directory;
        directory.Put(directory.Users[1] with { IsDeleted = true });
        var (changes, next) = await _graph.AllAsync(link!);
        Assert.Equal("changed", (string)Assert.Single(changes)["@removed"]!["reason"]!);
        _graph.Host.World.Clock.Advance(TimeSpan.FromDays(8));
        using var dead = await _graph.SendAsync(HttpMethod.Get, next!);
        Assert.Equal(HttpStatusCode.Gone, dead.StatusCode);
        Assert.Single((await _graph.AllAsync(dead.Headers.Location!.ToString())).Items);
    }

    private string Deliver(string subject) => _graph.Admin.Deliver(_graph.TenantName, _graph.User, Samples.Plain(subject));
}
