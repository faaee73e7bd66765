using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.Tests.Given;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>Drives as the service has them: addresses, ranges, upload sessions, tokens, units, and a history that forgets nothing.</summary>
public sealed class DriveTests
{
    private static readonly TenantRecipe Files = new() { Users = 2, MessagesPerMailbox = 0, FilesPerDrive = 40 };

    [Fact]
    public async Task Content_is_a_redirect_to_an_address_that_wants_no_token_answers_ranges_and_expires()
    {
        await using var graph = await SimulatedGraph.StartAsync(Files);
        var drive = graph.Admin.Drive(graph.TenantName, graph.User);
        var file = drive.CreateFile(drive.Root, "a.bin", new SeededFile(3, 100_000));
        using var redirect = await graph.SendAsync(HttpMethod.Get, $"/drives/{drive.Id}/items/{file.Id}/content");
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
        var address = redirect.Headers.Location!;
        Assert.NotEqual(graph.Host.BaseAddress.Host, address.Host);

        using var stranger = new HttpClient(graph.Host.CreateHttpHandler());
        Assert.Equal(file.Latest.Content!.ToArray(), await stranger.GetByteArrayAsync(address));
        Assert.Equal(HttpStatusCode.Unauthorized, (await graph.SendAsync(HttpMethod.Get, address.ToString())).StatusCode);
        Assert.Equal((HttpStatusCode.PartialContent, 10), await RangeAsync(stranger, address, 99_990, accept: "*/*"));
        Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, 0), await RangeAsync(stranger, address, 99_990, accept: null));
        Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, 0), await RangeAsync(stranger, address, 100_000, accept: "*/*"));
        drive.ExpireDownloads();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task Old_versions_can_be_read_and_the_newest_only_as_the_file()
    {
        await using var graph = await SimulatedGraph.StartAsync(Files);
        var drive = graph.Admin.Drive(graph.TenantName, graph.User);
        var file = drive.CreateFile(drive.Root, "a.docx", new SeededFile(3, 1_000));
        drive.Write(file, new SeededFile(4, 2_000));
        var versions = (await graph.GetAsync($"/drives/{drive.Id}/items/{file.Id}/versions"))["value"]!.AsArray();
        Assert.Equal(["2.0", "1.0"], versions.Select(version => (string)version!["id"]!));
        using var redirect = await graph.SendAsync(HttpMethod.Get, $"/drives/{drive.Id}/items/{file.Id}/versions/1.0/content");
        using var stranger = new HttpClient(graph.Host.CreateHttpHandler());
        Assert.Equal(new SeededFile(3, 1_000).ToArray(), await stranger.GetByteArrayAsync(redirect.Headers.Location));
        Assert.Equal((HttpStatusCode.BadRequest, "invalidRequest"), await graph.RefusedAsync(HttpMethod.Get, $"/drives/{drive.Id}/items/{file.Id}/versions/2.0/content"));
    }

    [Fact]
    public async Task A_piece_of_the_wrong_size_is_refused_after_the_last_byte_and_leaves_an_empty_file()
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 0 });
        var drive = graph.Admin.Drive(graph.TenantName, graph.User);
        using var stranger = new HttpClient(graph.Host.CreateHttpHandler());
        var address = await SessionAsync(graph, drive, "bad.bin");
        Assert.Equal(HttpStatusCode.Accepted, await PieceAsync(stranger, address, new byte[1_000], 0, 2_000));
        Assert.Equal(HttpStatusCode.BadRequest, await PieceAsync(stranger, address, new byte[1_000], 1_000, 2_000));
        Assert.Equal(0, Assert.Single(graph.Admin.DriveState(graph.TenantName, graph.User).Items).Size);
    }

    [Fact]
    public async Task A_session_takes_pieces_in_order_tells_where_it_is_and_cannot_carry_nothing()
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 0 });
        var drive = graph.Admin.Drive(graph.TenantName, graph.User);
        using var stranger = new HttpClient(graph.Host.CreateHttpHandler());
        var address = await SessionAsync(graph, drive, "good.bin");
        var bytes = new SeededFile(1, 400_000).ToArray();
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, await PieceAsync(stranger, address, bytes[327_680..], 327_680, 400_000));
        Assert.Equal(HttpStatusCode.Accepted, await PieceAsync(stranger, address, bytes[..327_680], 0, 400_000));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, await PieceAsync(stranger, address, bytes[..327_680], 0, 400_000));
        Assert.Equal("327680-", (string)JsonNode.Parse(await stranger.GetStringAsync(address))!["nextExpectedRanges"]![0]!);
        Assert.Equal(HttpStatusCode.Created, await PieceAsync(stranger, address, bytes[327_680..], 327_680, 400_000));
        var there = Assert.Single(graph.Admin.DriveState(graph.TenantName, graph.User).Items);
        Assert.Equal((new SeededFile(1, 400_000).Sha256, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)), (there.Sha256, there.Created));

        var empty = await SessionAsync(graph, drive, "empty.bin");
        using var nothing = new HttpRequestMessage(HttpMethod.Put, empty) { Content = new ByteArrayContent([]) };
        nothing.Content.Headers.TryAddWithoutValidation("Content-Range", "bytes 0--1/0");
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.SendAsync(nothing)).StatusCode);
    }

    [Fact]
    public async Task A_token_from_now_or_from_a_day_tells_only_what_came_later()
    {
        await using var graph = await SimulatedGraph.StartAsync(Files);
        var drive = graph.Admin.Drive(graph.TenantName, graph.User);
        var (nothing, latest) = await graph.AllAsync($"/drives/{drive.Id}/root/delta?token=latest");
        Assert.Empty(nothing);
        graph.Host.World.Clock.Advance(TimeSpan.FromDays(1));
        var since = graph.Host.World.Clock.GetUtcNow().AddMinutes(-1);
        var file = drive.CreateFile(drive.Root, "later.txt", new HeldFile(new byte[] { 1 }));
        foreach (var link in new[] { latest!, $"/drives/{drive.Id}/root/delta?token={Uri.EscapeDataString(since.ToString("O"))}" })
        {
            var (changes, _) = await graph.AllAsync(link);
            Assert.Equal([drive.Root.Id, file.Id], changes.Select(item => (string)item["id"]!)); // with the unchanged folder above it
        }
    }

    [Fact]
    public async Task A_renamed_folder_is_told_alone_a_deleted_one_with_all_in_it_and_a_dead_token_says_where_to_start()
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 0 });
        var drive = graph.Admin.Drive(graph.TenantName, graph.User);
        var folder = drive.CreateFolder(drive.Root, "folder");
        var file = drive.CreateFile(folder, "a.txt", new HeldFile(new byte[] { 1 }));
        var (_, link) = await graph.AllAsync($"/drives/{drive.Id}/root/delta");
        drive.Rename(folder, "renamed");
        var (renamed, next) = await graph.AllAsync(link!);
        Assert.Equal([drive.Root.Id, folder.Id], renamed.Select(item => (string)item["id"]!));
        drive.Delete(folder);
        var (deleted, last) = await graph.AllAsync(next!);
        Assert.Equal([file.Id, folder.Id], deleted.Where(item => item["deleted"] is not null).Select(item => (string)item["id"]!));
        Assert.All(deleted.Where(item => item["deleted"] is not null), item => Assert.Null(item["name"]));
        drive.Undelete(folder);
        var (back, _) = await graph.AllAsync(last!);
        Assert.Equal(new[] { drive.Root.Id, folder.Id, file.Id }.Order(), back.Select(item => (string)item["id"]!).Order());

        drive.ForgetDeltaTokens();
        using var dead = await graph.SendAsync(HttpMethod.Get, last!);
        Assert.Equal(HttpStatusCode.Gone, dead.StatusCode);
        var (fresh, _) = await graph.AllAsync(dead.Headers.Location!.ToString());
        Assert.Equal(3, fresh.Count);
    }

    [Fact]
    public async Task Resource_units_run_out_with_a_warning_before()
    {
        await using var graph = await SimulatedGraph.StartAsync(Files, new GraphSimulatorOptions { Limits = new LimitSettings { FilesUnitsPerMinute = 20 } });
        var drive = graph.Admin.Drive(graph.TenantName, graph.User);
        var item = $"/drives/{drive.Id}/items/{drive.Root.Id}";
        await graph.GetAsync(item + "/permissions"); // 5
        await graph.GetAsync(item + "/permissions"); // 10
        await graph.GetAsync(item + "/children"); // 12
        using var quiet = await graph.SendAsync(HttpMethod.Get, item); // 13
        Assert.False(quiet.Headers.Contains("RateLimit-Remaining"));
        await graph.GetAsync(item + "/children"); // 15
        using var warned = await graph.SendAsync(HttpMethod.Get, item); // 16
        Assert.Equal("4", warned.Headers.GetValues("RateLimit-Remaining").Single());
        using var refused = await graph.SendAsync(HttpMethod.Get, item + "/permissions"); // 21
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task An_invitation_is_sent_unless_it_is_refused_and_what_is_shared_shows_it()
    {
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 2, MessagesPerMailbox = 0 });
        var drive = graph.Admin.Drive(graph.TenantName, graph.User);
        var file = drive.CreateFile(drive.Root, "a.txt", new HeldFile(new byte[] { 1 }));
        var path = $"/drives/{drive.Id}/items/{file.Id}";
        foreach (var send in new[] { true, false })
        {
            var (status, _) = await graph.PostAsync(path + "/invite", new JsonObject
            {
                ["roles"] = new JsonArray("read"), ["recipients"] = new JsonArray(new JsonObject { ["objectId"] = graph.Tenant.Mailboxes[1].UserId.ToString() }), ["sendInvitation"] = send,
            });
            Assert.Equal(HttpStatusCode.OK, status);
        }
        Assert.Equal(1, drive.InvitationsSent);
        Assert.NotNull((await graph.GetAsync(path))["shared"]);
    }

    [Fact]
    public void Equal_seeds_live_equal_lives_and_every_moment_stays_readable()
    {
        var (one, two) = (Lived(), Lived());
        Assert.Equal(one, two);
        Assert.NotEqual(one[0], one[^1]);

        static List<string> Lived()
        {
            var world = new SimulatedWorld(new ManualTime());
            var tenant = world.CreateTenant(Files);
            var admin = new SimulatorAdmin(world);
            var user = tenant.Directory.Users[0].Id.ToString();
            var moments = new List<DateTimeOffset>();
            for (var day = 0; day < 5; day++)
            {
                admin.DriveState(tenant.Domain, user);
                moments.Add(world.Clock.GetUtcNow());
                admin.PlayLife(tenant.Domain, new LifeRecipe(1, 4, Intensity: 40));
            }
            return [.. moments.Select(at => string.Join('\n', admin.DriveState(tenant.Domain, user, at).Items))];
        }
    }

    [Fact]
    public void A_file_of_many_gigabytes_is_made_where_it_is_read()
    {
        var file = new SeededFile(9, 50_000_000_000);
        var (whole, part) = (new byte[1_000], new byte[100]);
        file.Read(49_999_999_000, whole);
        file.Read(49_999_999_333, part);
        Assert.Equal(whole[333..433], part);
    }

    private static async Task<(HttpStatusCode Status, int Length)> RangeAsync(HttpClient client, Uri address, long from, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = new RangeHeaderValue(from, null);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    private static async Task<string> SessionAsync(SimulatedGraph graph, Drive drive, string name)
    {
        var (_, body) = await graph.PostAsync($"/drives/{drive.Id}/items/{drive.Root.Id}:/{name}:/createUploadSession", new JsonObject
        {
            ["item"] = new JsonObject { ["@microsoft.graph.conflictBehavior"] = "fail", ["fileSystemInfo"] = new JsonObject { ["createdDateTime"] = "2020-01-01T00:00:00Z" } },
        });
        return (string)body!["uploadUrl"]!;
    }

    private static async Task<HttpStatusCode> PieceAsync(HttpClient client, string address, byte[] piece, long from, long total)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(piece) };
        request.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, from + piece.Length - 1, total);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
