using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Drives;
using DriveItemKind = OrleansBackup.Microsoft365.Drives.DriveItemKind;

namespace OrleansBackup.Microsoft365.Tests.Drives;

/// <summary>Rounds over a drive end with the truth and a link, whatever the service does on the way.</summary>
public sealed class DriveRoundTests
{
    [Fact]
    public async Task A_first_round_tells_everything_and_the_next_one_what_changed()
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 30);
        var (items, link, pages) = await drive.RoundAsync();
        Assert.Equal(Truth(drive), Living(items));
        Assert.True(pages[0].Restarted);

        var folder = drive.Drive.CreateFolder(drive.Drive.Root, "new");
        var file = drive.Drive.CreateFile(folder, "x.txt", new HeldFile("x"u8.ToArray()));
        drive.Drive.Rename(folder, "newer");
        drive.Drive.Delete(file);
        var (changes, next, later) = await drive.RoundAsync(link);

        Assert.False(later[0].Restarted);
        Assert.Equal("newer", changes[folder.Id].Name);
        Assert.True(changes[file.Id].IsDeleted);
        Assert.DoesNotContain(changes.Values, item => item.Kind == DriveItemKind.File && !item.IsDeleted);
        var (nothing, _, _) = await drive.RoundAsync(next);
        Assert.Empty(nothing);
    }

    [Theory]
    [InlineData(FaultKind.EmptyPage)]
    [InlineData(FaultKind.RepeatedItems)]
    [InlineData(FaultKind.OutOfOrder)]
    [InlineData(FaultKind.ControlCharacters)]
    [InlineData(FaultKind.CorruptJson)]
    [InlineData(FaultKind.ErrorInBody)]
    [InlineData(FaultKind.CutBody)]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.LostReply)]
    public async Task A_page_that_comes_badly_loses_nothing(FaultKind kind)
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 30);
        drive.Order(new Fault { Kind = kind, Path = "root/delta", Skip = 1, Count = 1 });
        var (items, _, _) = await drive.RoundAsync();
        Assert.Equal(Truth(drive), Living(items));
        Assert.True(drive.Tenant.Host.World.Faults.AllPlayed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dead_token_starts_anew_also_where_the_given_address_is_broken(bool broken)
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 20);
        var (_, link, _) = await drive.RoundAsync();
        drive.Drive.Quirks = new DriveQuirks { BreaksResyncAddress = broken };
        drive.Drive.ForgetDeltaTokens();

        var (items, _, pages) = await drive.RoundAsync(link);

        Assert.Contains(pages, page => page.Restarted);
        Assert.Equal(Truth(drive), Living(items));
    }

    [Theory]
    [InlineData("same", 1)]
    [InlineData(null, 5)]
    public async Task A_round_that_walks_in_circles_is_begun_anew(string? code, int times)
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 25);
        drive.Order(new Fault { Kind = FaultKind.LoopingDelta, Path = "root/delta", Code = code, Count = times });
        var (items, link, pages) = await drive.RoundAsync();
        Assert.Equal(Truth(drive), Living(items));
        Assert.Contains(pages, page => page.Warning is not null);
        Assert.NotEmpty(link);
    }

    [Fact]
    public async Task A_round_that_only_ever_walks_in_circles_ends_by_walking_the_folders()
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 25);
        drive.Order(new Fault { Kind = FaultKind.LoopingDelta, Path = "root/delta" });
        var (items, _, pages) = await drive.RoundAsync();
        Assert.Equal(Truth(drive), Living(items));
        Assert.True(pages[^1].IsWalk);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(0, true)]
    public async Task Pages_that_time_out_are_asked_for_in_smaller_ones_and_at_last_the_folders_are_walked(int works, bool walks)
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 25);
        drive.Drive.Quirks = new DriveQuirks { DeltaTimesOutAbove = works };
        var (items, link, pages) = await drive.RoundAsync();
        Assert.Equal(Truth(drive), Living(items));
        Assert.Equal(walks, pages[^1].IsWalk);
        Assert.Equal(walks, link.Length == 0);
    }

    [Fact]
    public async Task After_a_walk_the_next_round_goes_on_from_a_token_taken_before_it()
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 10);
        drive.Order(new Fault { Kind = FaultKind.LoopingDelta, Path = @"root/delta\?(?!.*token=latest)" });
        var (_, link, _) = await drive.RoundAsync();
        drive.Tenant.Host.World.Faults.Clear();
        var file = drive.Put("later.txt", 10);

        var (changes, _, pages) = await drive.RoundAsync(link);

        Assert.False(pages[0].Restarted);
        Assert.Equal(new[] { file.Id, drive.Drive.Root.Id }.Order(), changes.Keys.Order());
    }

    [Fact]
    public async Task Old_states_told_again_do_not_win_over_new_ones()
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 15);
        drive.Drive.Quirks = new DriveQuirks { ReplaysOldStates = true };
        var (_, link, _) = await drive.RoundAsync();
        drive.Tenant.Host.Admin.PlayLife(drive.Tenant.Tenant, new LifeRecipe(2, 5, Intensity: 30));
        var (first, _, _) = await drive.RoundAsync();
        Assert.Equal(Truth(drive), Living(first));
        var (changes, _, _) = await drive.RoundAsync(link);
        Assert.All(changes.Values.Where(item => item.Kind != DriveItemKind.Root), item => Assert.Equal(drive.Drive.Find(item.Id)?.Latest.Name ?? "", item.IsDeleted ? "" : item.Name));
    }

    [Fact]
    public async Task A_good_call_refused_as_invalid_is_made_again()
    {
        await using var drive = await SimulatedDrive.StartAsync(files: 5);
        drive.Order(new Fault { Kind = FaultKind.Status, Path = "root/delta", Status = 400, Code = "invalidRequest", Count = 1 });
        var (items, _, _) = await drive.RoundAsync();
        Assert.Equal(Truth(drive), Living(items));
    }

    [Fact]
    public async Task A_user_without_a_drive_a_locked_one_and_a_missing_permission_are_told_apart()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var none = await Assert.ThrowsAsync<DriveUnavailableException>(() => DriveReader.FindOfUserAsync(drive.Tenant.Client, Guid.NewGuid().ToString(), CancellationToken.None));
        Assert.Equal(DriveProblem.NoDrive, none.Problem);

        drive.Drive.Refusal = new MailboxRefusal(423, "notAllowed", "The site is locked.");
        var locked = await Assert.ThrowsAsync<DriveUnavailableException>(() => drive.RoundAsync());
        Assert.Equal(DriveProblem.Locked, locked.Problem);

        drive.Drive.Refusal = new MailboxRefusal(403, "accessDenied", "Access denied.");
        var closed = await Assert.ThrowsAsync<DriveUnavailableException>(() => drive.RoundAsync());
        Assert.Equal(DriveProblem.AccessDenied, closed.Problem);

        drive.Tenant.Host.Admin.SetPermissions(drive.Tenant.Tenant, ["User.Read.All"], revokeTokens: true);
        var missing = await Assert.ThrowsAsync<TenantAccessException>(() => drive.RoundAsync());
        Assert.Equal("Files.Read.All", missing.MissingPermission);
    }

    [Fact]
    public async Task Who_may_see_what_is_asked_for_in_batches()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var files = Enumerable.Range(0, 25).Select(number => drive.Put($"{number}.txt", 10)).ToList();
        foreach (var file in files)
            drive.Drive.Share(file, _ => [new SharingPermission("p1", "write") { UserId = drive.Tenant.FirstUser, DisplayName = "Ada" }]);
        var found = await drive.Reader.ReadPermissionsAsync([.. files.Select(file => file.Id), "01GONE"], CancellationToken.None);
        Assert.Equal(25, found.Count);
        var own = Assert.Single(SharingEntry.Parse(found[files[0].Id]), entry => entry.IsOwn);
        Assert.Equal((SharingKind.Recipient, "write"), (own.Kind, own.Role));
        Assert.Equal(2, drive.Requests("/$batch"));
    }

    private static IEnumerable<string> Living(Dictionary<string, OrleansBackup.Microsoft365.Drives.DriveItem> items) =>
        items.Values.Where(item => !item.IsDeleted && item.Kind != DriveItemKind.Root).Select(item => $"{item.Id} {item.Name} {item.ParentId}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Truth(SimulatedDrive drive) => drive.Tenant.Host.Admin.DriveState(drive.Tenant.Tenant, drive.Tenant.FirstUser).Items
        .Select(item => $"{item.Id} {item.Path.Split('/')[^1]} {item.ParentId}").Order(StringComparer.Ordinal);
}
