using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365.Drives;
using DriveItem = OrleansBackup.Microsoft365.Drives.DriveItem;
using SimulatedTenant = OrleansBackup.Microsoft365.Tests.Fixtures.SimulatedTenant;

namespace OrleansBackup.Microsoft365.Tests.Drives;

/// <summary>A simulated OneDrive, and a reader and a writer of it.</summary>
internal sealed class SimulatedDrive : IAsyncDisposable
{
    private SimulatedDrive(SimulatedTenant tenant) => Tenant = tenant;

    public SimulatedTenant Tenant { get; }

    public Drive Drive => Tenant.Host.Admin.Drive(Tenant.Tenant, Tenant.FirstUser);

    public DriveReader Reader => new(Tenant.Client, Drive.Id, new DriveReadOptions { PageSize = 10, LeastPageSize = 2 });

    public DriveWriter Writer => new(Tenant.Client, Drive.Id, new DriveWriteOptions { PieceUnits = 1 });

    public static async Task<SimulatedDrive> StartAsync(int files = 0) =>
        new(await SimulatedTenant.StartAsync(new TenantRecipe { Users = 2, MessagesPerMailbox = 0, FilesPerDrive = files }));

    public void Order(Fault fault) => Tenant.Order(fault);

    public GraphSimulator.World.DriveItem Put(string name, long length, FileOddities oddities = FileOddities.None) =>
        Drive.CreateFile(Drive.Root, name, new SeededFile((ulong)length + 7, length), oddities: oddities);

    /// <summary>One round to its end: the newest of every item, the link, and all pages.</summary>
    public async Task<(Dictionary<string, DriveItem> Items, string Link, List<DrivePage> Pages)> RoundAsync(string? link = null)
    {
        var items = new Dictionary<string, DriveItem>(StringComparer.Ordinal);
        var pages = new List<DrivePage>();
        await foreach (var page in Reader.ReadChangesAsync(link, CancellationToken.None))
        {
            if (page.Restarted)
                items.Clear();
            foreach (var item in page.Items)
                items[item.Id] = item;
            pages.Add(page);
        }
        return (items, pages[^1].Link, pages);
    }

    public async Task<DriveItem> ItemAsync(GraphSimulator.World.DriveItem item) => (await Reader.TryReadAsync(item.Id, CancellationToken.None))!;

    public async Task<byte[]> ReadAsync(DriveItem item)
    {
        await using var stream = Reader.Open(item);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public long Requests(string template, int? status = null) => Tenant.Host.World.Statistics.View().Endpoints
        .Where(endpoint => endpoint.Template.Contains(template, StringComparison.Ordinal) && (status is null || endpoint.Status == status)).Sum(endpoint => endpoint.Requests);

    public ValueTask DisposeAsync() => Tenant.DisposeAsync();
}
