using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Microsoft365.Tests.Drives;

/// <summary>What is written arrives whole, dated, once, and without a message to anybody.</summary>
public sealed class DriveWriterTests
{
    private const string Upload = "_api/v2.0/upload";
    private static readonly DateTimeOffset Created = new(2019, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly DateTimeOffset Modified = new(2021, 8, 9, 10, 11, 12, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(327_679)]
    [InlineData(327_680)]
    [InlineData(327_681)]
    [InlineData(655_360)]
    [InlineData(4 * 1024 * 1024 - 1)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData(4 * 1024 * 1024 + 1)]
    public async Task A_file_of_any_size_arrives_with_its_dates(long length)
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var written = await drive.Writer.CreateAsync(drive.Drive.Root.Id, File("plan.bin", length), NameConflict.Fail, CancellationToken.None);
        var there = drive.Drive.Find(written.Id)!.Latest;
        Assert.Equal(new SeededFile(5, length).ToArray(), there.Content!.ToArray());
        Assert.Equal((Created, Modified, "plan.bin"), (there.Created, there.Modified, there.Name));
        Assert.Equal(length, written.Size);
    }

    [Theory]
    [InlineData(FaultKind.LostReply, null, null)]
    [InlineData(FaultKind.Reset, null, null)]
    [InlineData(FaultKind.Status, 503, "serviceNotAvailable")]
    [InlineData(FaultKind.Status, 429, "activityLimitReached")]
    [InlineData(FaultKind.Status, 404, "uploadSessionNotFound")]
    [InlineData(FaultKind.Status, 401, "unauthenticated")]
    public async Task An_upload_that_is_interrupted_in_the_middle_arrives_all_the_same(FaultKind kind, int? status, string? code)
    {
        await using var drive = await SimulatedDrive.StartAsync();
        drive.Order(new Fault { Kind = kind, Method = "PUT", Path = Upload, Skip = 1, Count = 1, Status = status, Code = code });
        var written = await drive.Writer.CreateAsync(drive.Drive.Root.Id, File("plan.bin", 1_000_000), NameConflict.Fail, CancellationToken.None);
        Assert.Equal(new SeededFile(5, 1_000_000).ToArray(), drive.Drive.Find(written.Id)!.Latest.Content!.ToArray());
        Assert.Single(drive.Tenant.Host.Admin.DriveState(drive.Tenant.Tenant, drive.Tenant.FirstUser).Items);
        Assert.True(drive.Tenant.Host.World.Faults.AllPlayed);
    }

    [Fact]
    public async Task When_the_last_answer_is_lost_the_name_is_found_taken_and_nothing_is_doubled()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        drive.Order(new Fault { Kind = FaultKind.LostReply, Method = "PUT", Path = Upload, Skip = 1, Count = 1 });
        var refused = await Assert.ThrowsAsync<GraphRefusedException>(() => drive.Writer.CreateAsync(drive.Drive.Root.Id, File("plan.bin", 400_000), NameConflict.Fail, CancellationToken.None));
        Assert.Equal(409, refused.Status);
        var there = await drive.Writer.FindChildAsync(drive.Drive.Root.Id, "PLAN.bin", CancellationToken.None);
        Assert.Equal((400_000, Created), (there!.Size, there.Created!.Value));
    }

    [Fact]
    public async Task A_taken_name_is_refused_numbered_or_replaced()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var root = drive.Drive.Root.Id;
        var old = drive.Put("plan.bin", 77);
        var refused = await Assert.ThrowsAsync<GraphRefusedException>(() => drive.Writer.CreateAsync(root, File("plan.bin", 10), NameConflict.Fail, CancellationToken.None));
        Assert.Equal(409, refused.Status);
        var numbered = await drive.Writer.CreateAsync(root, File("plan.bin", 10), NameConflict.Rename, CancellationToken.None);
        Assert.Equal("plan 1.bin", numbered.Name);
        var replaced = await drive.Writer.CreateAsync(root, File("plan.bin", 10), NameConflict.Replace, CancellationToken.None);
        Assert.Equal((old.Id, 10), (replaced.Id, replaced.Size));
        Assert.Equal(2, old.Latest.ContentNumber);
        var over = await drive.Writer.ReplaceAsync(old.Id, File("plan.bin", 0), CancellationToken.None);
        Assert.Equal((0, Modified), (over.Size, over.Modified!.Value));
    }

    [Fact]
    public async Task Folders_are_made_once_and_things_move_and_go()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var folder = await drive.Writer.EnsureFolderAsync(drive.Drive.Root.Id, "Projects", CancellationToken.None);
        Assert.Equal(folder.Id, (await drive.Writer.EnsureFolderAsync(drive.Drive.Root.Id, "projects", CancellationToken.None)).Id);
        var file = drive.Put("a.txt", 5);
        await drive.Writer.ChangeAsync(file.Id, folder.Id, "b.txt", Created, Modified, CancellationToken.None);
        Assert.Equal("Projects/b.txt", drive.Drive.Path(file));
        await drive.Writer.DeleteAsync(file.Id, CancellationToken.None);
        await drive.Writer.DeleteAsync(file.Id, CancellationToken.None);
        Assert.Null(drive.Drive.Find(file.Id));
        var refused = await Assert.ThrowsAsync<GraphRefusedException>(() => drive.Writer.EnsureFolderAsync(drive.Drive.Root.Id, "a:b", CancellationToken.None));
        Assert.Equal(400, refused.Status);
        Assert.Equal("a_b", DriveNames.Acceptable("a:b"));
    }

    [Fact]
    public async Task Permissions_come_back_as_far_as_they_can_and_nobody_is_written_to()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var file = drive.Put("a.txt", 5);
        var json = System.Text.Encoding.UTF8.GetBytes("""
            {"value":[
             {"id":"o","roles":["owner"],"grantedToV2":{"user":{"id":"OWNER"}}},
             {"id":"i","roles":["read"],"grantedToV2":{"user":{"id":"OWNER"}},"inheritedFrom":{"id":"x"}},
             {"id":"a","roles":["write"],"grantedToV2":{"user":{"id":"OTHER","displayName":"Other"}}},
             {"id":"b","roles":["read"],"grantedToV2":{"user":{"id":"11111111-2222-3333-4444-555555555555","displayName":"Left long ago"}}},
             {"id":"c","roles":["read"],"grantedToV2":{"siteGroup":{"id":"3","displayName":"Visitors"}}},
             {"id":"d","roles":["read"],"hasPassword":true,"link":{"type":"view","scope":"organization","webUrl":"https://old.example"}}]}
            """.Replace("OWNER", drive.Tenant.FirstUser, StringComparison.Ordinal).Replace("OTHER", drive.Tenant.Created.Mailboxes[1].UserId.ToString(), StringComparison.Ordinal));
        var losses = new List<string>();
        foreach (var entry in SharingEntry.Parse(json))
            losses.AddRange((await drive.Writer.GrantAsync(file.Id, entry, CancellationToken.None)).Select(loss => $"{loss.Kind} {loss.Name}"));

        Assert.Equal(["permission Left long ago", "permission Visitors", "linkAddress organization", "linkPassword organization"], losses);
        Assert.Equal([$"write:{drive.Tenant.Created.Mailboxes[1].UserId}", "read:organization"],
            file.Latest.Sharing.Select(permission => $"{permission.Role}:{permission.UserId ?? permission.LinkScope}"));
        Assert.Equal(0, drive.Drive.InvitationsSent);
    }

    [Fact]
    public async Task External_sharing_that_is_switched_off_is_a_loss_and_no_failure()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        drive.Drive.Quirks = new DriveQuirks { RefusesExternalSharing = true };
        var file = drive.Put("a.txt", 5);
        var entry = new SharingEntry { Kind = SharingKind.Recipient, Role = "read", Recipients = [new SharingRecipient(null, "guest@partner.example", "Guest")] };
        var loss = Assert.Single(await drive.Writer.GrantAsync(file.Id, entry, CancellationToken.None));
        Assert.Equal((DriveLossKind.Permission, "Guest"), (loss.Kind, loss.Name));
    }

    private static FileToWrite File(string name, long length) => new(name, length, Created, Modified,
        _ => Task.FromResult<Stream>(new MemoryStream(new SeededFile(5, length).ToArray())));
}
