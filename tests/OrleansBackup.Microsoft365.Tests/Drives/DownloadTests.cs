using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Microsoft365.Tests.Drives;

/// <summary>Bytes of files over connections and addresses that do not last.</summary>
public sealed class DownloadTests
{
    private const string Download = "download.aspx";

    [Fact]
    public async Task A_file_is_read_by_its_address_without_our_token_and_without_asking_again()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var file = drive.Put("a.bin", 300_000);
        var (items, _, _) = await drive.RoundAsync();

        Assert.Equal(file.Latest.Content!.ToArray(), await drive.ReadAsync(items[file.Id]));

        Assert.Equal(1, drive.Requests(Download)); // the simulator refuses an address that a token is sent to
        Assert.Equal(0, drive.Requests("/items/{item}"));
        Assert.DoesNotContain("tempauth", System.Text.Encoding.UTF8.GetString(items[file.Id].Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transfer_that_is_cut_again_and_again_goes_on_where_it_was()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var file = drive.Put("a.bin", 3_000_000);
        drive.Order(new Fault { Kind = FaultKind.CutBody, Path = Download, Count = 4 });

        Assert.Equal(file.Latest.Content!.ToArray(), await drive.ReadAsync(await drive.ItemAsync(file)));

        Assert.True(drive.Tenant.Host.World.Faults.AllPlayed);
        Assert.Equal(4, drive.Requests(Download, status: 206));
    }

    [Fact]
    public async Task An_address_that_has_expired_is_asked_for_anew_in_the_middle_too()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var file = drive.Put("a.bin", 1_000_000);
        var item = await drive.ItemAsync(file);
        drive.Drive.ExpireDownloads();
        drive.Order(new Fault { Kind = FaultKind.CutBody, Path = Download, Skip = 1, Count = 1 });
        await using var stream = drive.Reader.Open(item);
        var bytes = new byte[1_000_000];
        await stream.ReadExactlyAsync(bytes.AsMemory(0, 100_000));
        drive.Drive.ExpireDownloads();
        await stream.ReadExactlyAsync(bytes.AsMemory(100_000));

        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        Assert.Equal(file.Latest.Content!.ToArray(), bytes);
    }

    [Fact]
    public async Task A_whole_file_instead_of_a_range_is_read_up_to_where_we_were()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var file = drive.Put("a.bin", 500_000);
        drive.Drive.Quirks = new DriveQuirks { IgnoresRanges = true };
        drive.Order(new Fault { Kind = FaultKind.CutBody, Path = Download, Count = 2 });

        Assert.Equal(file.Latest.Content!.ToArray(), await drive.ReadAsync(await drive.ItemAsync(file)));
    }

    [Fact]
    public async Task Two_versions_are_never_put_together()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var file = drive.Put("a.bin", 1_000_000);
        drive.Order(new Fault { Kind = FaultKind.CutBody, Path = Download, Count = 1 });
        await using var stream = drive.Reader.Open(await drive.ItemAsync(file));
        await stream.ReadExactlyAsync(new byte[100_000]);
        drive.Drive.Write(file, new SeededFile(99, 1_000_000));

        await Assert.ThrowsAsync<FileChangedException>(async () => await stream.CopyToAsync(Stream.Null));
    }

    [Theory]
    [InlineData(FileOddities.Malware, "malwareDetected")]
    [InlineData(FileOddities.InfectedHeader, "malwareDetected")]
    [InlineData(FileOddities.Locked, "resourceLocked")]
    public async Task What_the_service_does_not_hand_out_is_of_the_one_file(FileOddities oddity, string code)
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var item = await drive.ItemAsync(drive.Put("a.docx", 5_000, oddity));

        var refused = await Assert.ThrowsAsync<ItemUnreadableException>(() => drive.ReadAsync(item));

        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task A_notebooks_file_that_is_never_served_costs_few_requests()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var item = await drive.ItemAsync(drive.Put("Section.one", 5_000, FileOddities.NeverServed));

        await Assert.ThrowsAsync<ItemUnreadableException>(() => drive.ReadAsync(item));

        Assert.InRange(drive.Requests(Download), 1, 2);
    }

    [Fact]
    public async Task A_file_that_is_gone_says_so()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var file = drive.Put("a.bin", 5_000);
        var item = await drive.ItemAsync(file);
        drive.Drive.Delete(file);

        await Assert.ThrowsAsync<ItemGoneException>(() => drive.ReadAsync(item));
        Assert.Null(await drive.Reader.TryReadAsync(file.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Refusals_for_a_limit_and_broken_connections_before_the_first_byte_are_waited_out()
    {
        await using var drive = await SimulatedDrive.StartAsync();
        var file = drive.Put("a.bin", 5_000);
        drive.Order(new Fault { Kind = FaultKind.Status, Path = Download, Status = 429, Code = "activityLimitReached", RetryAfterSeconds = 7, Count = 2 });
        drive.Order(new Fault { Kind = FaultKind.EmptyBody, Path = Download, Status = 503, Count = 1 });
        drive.Order(new Fault { Kind = FaultKind.Reset, Path = Download, Count = 1 });

        Assert.Equal(file.Latest.Content!.ToArray(), await drive.ReadAsync(await drive.ItemAsync(file)));
        Assert.True(drive.Tenant.Host.World.Faults.AllPlayed);
    }
}
