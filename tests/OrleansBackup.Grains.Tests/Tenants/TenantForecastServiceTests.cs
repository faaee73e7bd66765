using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Tenants;

/// <summary>The forecast as the service gives it: from what its parts, its gate and its budget know.</summary>
public sealed class TenantForecastServiceTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_tenant_learns_what_first_backups_take_and_says_when_none_is_left()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 5, FilesPerDrive = 4 });
        var overview = await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        // The health that resources report comes to the tenant's part by and by.
        var part = scene.Grains.GetGrain<ITenantPartGrain>(GrainKeys.OfPart(scene.Tenant, 0));
        using var patience = new CancellationTokenSource(Hang.Limit);
        PartFirstBackups backups;
        do
            backups = await part.ListFirstBackups(100, patience.Token);
        while (!backups.Left.IsEmpty);
        Assert.Equal(overview.ProtectedResources, backups.DoneInAll);
        Assert.Empty(backups.Done); // who has none left needs no history

        var forecast = await scene.TenantGrain.GetForecast(CancellationToken.None);
        Assert.InRange(forecast.Outlook.BackupsLeft, 0, overview.ProtectedResources); // at most a minute old
        var drive = new ResourceId(scene.Tenant, ResourceKind.OneDrive, scene.Created.Mailboxes[0].UserId.ToString());
        var cost = (await scene.Grains.Resource(drive).GetStatus(CancellationToken.None)).Health.FirstBackup!;
        Assert.True(cost.Worked > TimeSpan.Zero && cost.Requests > 0 && cost.Bytes > 0);
        Assert.Equal(scene.Admin.DriveState(scene.Tenant.ToString(), drive.ObjectId).Items.Where(item => item.Kind == "file").Sum(item => item.Size), cost.Told.Bytes);
    }

    [Fact]
    public async Task What_waits_is_foretold_from_what_was_done_with_the_places_and_what_microsoft_365_grants()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 2 });
        await scene.OnboardAsync();
        var done = new FirstBackup(ResourceKind.Mailbox, FirstBackupStage.Done, default) { Worked = TimeSpan.FromSeconds(100), Items = 10, Requests = 10 };
        var left = Enumerable.Range(0, 800).Select(i => new FirstBackupLeft(new ResourceId(scene.Tenant, ResourceKind.Mailbox, $"nobody-{i}"), default));
        var report = await new TenantProspect(scene.Grains, Options.Create(new AdmissionOptions()), TimeProvider.System).ForetellAsync(scene.Tenant, [.. left], [done, done, done], CancellationToken.None);
        Assert.Equal(800, report.Outlook.BackupsLeft);
        Assert.Equal(Math.Ceiling(800.0 / report.Places) * 100, (report.ExpectedEnd!.Value - report.AsOf).TotalSeconds, 1.0);
        Assert.Equal(Bottleneck.Places, report.Outlook.Bottleneck);
        Assert.Equal(2, report.Flows.Count(flow => flow.Service == LimitedService.Files && flow.PerSecond > 0)); // a minute's window and a day's
    }
}
