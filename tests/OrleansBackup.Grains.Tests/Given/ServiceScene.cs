using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Composition;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.SqliteStorage;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>The whole service in this process, grains and all, over a folder that outlives it, with a simulated tenant.</summary>
internal sealed class ServiceScene : IAsyncDisposable
{
    private static readonly TimeSpan Patience = Hang.Limit;

    private readonly SimulatorFixture _simulator;
    private readonly Action<IServiceCollection>? _services;
    private readonly Dictionary<string, string?> _settings;
    private MortalBlobStore? _store;
    private IHost? _host;

    private ServiceScene(SimulatorFixture simulator, TenantRecipe recipe, Action<IServiceCollection>? services, Dictionary<string, string?>? settings)
    {
        (_simulator, _services) = (simulator, services);
        Created = simulator.Host.Admin.CreateTenant(recipe.Domain == new TenantRecipe().Domain ? recipe with { Domain = $"t{Guid.NewGuid():N}.example" } : recipe);
        _settings = new Dictionary<string, string?>(settings ?? [])
        {
            ["Data:Folder"] = Folder,
            ["Graph:Endpoint"] = simulator.Endpoints.Graph.ToString(),
            ["Graph:Authority"] = simulator.Endpoints.Authority.ToString(),
            ["Graph:TrustedCertificateFile"] = simulator.CertificateFile,
            ["Graph:Client:FirstBackoff"] = "00:00:00.001",
            ["Graph:Client:MaxBackoff"] = "00:00:00.005",
        };
    }

    /// <summary>What the next start is configured with.</summary>
    public Dictionary<string, string?> Settings => _settings;

    public string Folder { get; } = Directory.CreateTempSubdirectory("orleansbackup-test-").FullName;

    public ShiftedClock Clock { get; } = new();

    public TenantCreated Created { get; }

    public TenantId Tenant => new(Created.TenantId);

    public SimulatorAdmin Admin => _simulator.Host.Admin;

    /// <summary>Done before a reminder is written. Heard only if it was set before the start; null then: nothing is done.</summary>
    public Func<ReminderEntry, Task>? BeforeReminder { get; set; }

    /// <summary>Done before and after each write of a grain's state; null: nothing is.</summary>
    public Func<string, bool, Task>? AroundWrite { get; set; }

    public IServiceProvider Services => _host!.Services;

    public IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    public ITenantGrain TenantGrain => Grains.Tenant(Tenant);

    /// <param name="recipe">With a domain of its own it gives the same content each time; without, every scene has another, since all that is generated follows from it.</param>
    /// <param name="behind">How far behind real time the scene begins: what restarts after jumps begins in the past, because Orleans starts no grain in a silo whose clock is ahead.</param>
    public static async Task<ServiceScene> StartAsync(SimulatorFixture simulator, TenantRecipe? recipe = null, Action<IServiceCollection>? services = null,
        Dictionary<string, string?>? settings = null, TimeSpan behind = default, Func<ReminderEntry, Task>? beforeReminder = null)
    {
        var scene = new ServiceScene(simulator, recipe ?? new TenantRecipe { Users = 2, SharedMailboxes = 1, MessagesPerMailbox = 20 }, services, settings) { BeforeReminder = beforeReminder };
        scene.Clock.Shift(-behind);
        await scene.StartServiceAsync();
        return scene;
    }

    public async Task StartServiceAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        _services?.Invoke(builder.Services);
        _store = new MortalBlobStore(new FolderBlobStore(Path.Combine(Folder, "vault")));
        builder.Services.TryAddSingleton<IBlobStore>(_store);
        builder.Services.AddBackupService(builder.Configuration);
        builder.UseOrleans(silo =>
        {
            TestEngine.Configure(silo);
            silo.AddSqliteState(options => options.Path = Path.Combine(Folder, "state.db"), StateStores.Default);
            silo.AddStartupTask((provider, cancellation) =>
                WakeAfterStart.WakeAsync(provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServiceScene>>(), cancellation));
        });
        if (BeforeReminder is not null)
            HookReminders(builder.Services);
        builder.Services.AddKeyedSingleton<IGrainStorage>(StateStores.Default, (provider, _) =>
            new HookedGrainStorage(provider.GetRequiredService<SqliteGrainStorage>(), (state, isDurable) => AroundWrite?.Invoke(state, isDurable) ?? Task.CompletedTask));
        _host = builder.Build();
        await _host.StartAsync();
    }

    private void HookReminders(IServiceCollection services)
    {
        var real = services.Last(service => service.ServiceType == typeof(IReminderTable));
        services.Remove(real);
        services.AddSingleton<IReminderTable>(provider => new HookedReminderTable(
            (IReminderTable)(real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)),
            entry => BeforeReminder?.Invoke(entry) ?? Task.CompletedTask));
    }

    public async Task KillAsync()
    {
        await _store!.DieAsync();
        await TestEngine.KillAsync(_host!);
        _host = null;
    }

    public async Task StopAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
        _host = null;
    }

    public Task<TenantOverview> OnboardAsync(TenantSettings? settings = null, string? secret = null) => TenantGrain.Onboard(
        new TenantOnboarding("Test customer", Created.ClientId.ToString(), secret ?? Created.ClientSecret, settings ?? TenantSettings.Default), CancellationToken.None);

    public ResourceId Mailbox(int index = 0) => new(Tenant, ResourceKind.Mailbox, Created.Mailboxes[index].UserId.ToString());

    public IProtectedResourceGrain Resource(int index = 0) => Grains.Resource(Mailbox(index));

    /// <summary>Waits until every protected resource has so many points, and no run is under way.</summary>
    public async Task<ImmutableArray<ResourceListing>> UntilPointsAsync(int points)
    {
        using var patience = new CancellationTokenSource(Patience);
        var resources = (await TenantGrain.ListResources(null, 1_000, patience.Token)).Resources;
        foreach (var listing in resources.Where(listing => listing.Protected))
        {
            var grain = Grains.Resource(listing.Resource);
            while (true)
            {
                var runs = await grain.ListRuns(patience.Token);
                if (!runs.IsEmpty && runs[0].Progress.Outcome == RunOutcome.Running)
                    await EndOfRunAsync(grain, runs[0].Progress.Run);
                else if ((await grain.ListPoints(patience.Token)).Length >= points)
                    break;
                else
                    Assert.True(runs.IsEmpty || runs[0].Progress.Problem is null, $"{listing.DisplayName}: {(runs.IsEmpty ? "" : runs[0].Progress.Problem)}");
                await Hang.MomentAsync(patience.Token);
                patience.Token.ThrowIfCancellationRequested();
            }
        }
        return resources;
    }

    public static async Task<RunProgress> EndOfRunAsync(IProtectedResourceGrain grain, RunId run)
    {
        using var patience = new CancellationTokenSource(Patience);
        RunProgress? last = null;
        await foreach (var progress in grain.WatchRun(run, patience.Token))
            last = progress;
        return last!;
    }

    public async Task<RunProgress> RunAsync(int index = 0, bool compare = false)
    {
        var run = await Resource(index).StartRun(RunReason.Requested, compare, CancellationToken.None);
        return await EndOfRunAsync(Resource(index), run);
    }

    public async Task<RestoreStatus> RestoreAsync(RestoreRequest request)
    {
        using var patience = new CancellationTokenSource(Patience);
        var job = await TenantGrain.StartRestore(request, patience.Token);
        RestoreStatus? last = null;
        await foreach (var status in Grains.Restore(Tenant, job).Watch(patience.Token))
            last = status;
        return last!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }
        Directory.Delete(Folder, recursive: true);
    }
}
