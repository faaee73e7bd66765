using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Silo.Hosting;

namespace OrleansBackup.Silo.Commands;

/// <summary>The command <c>recover</c>: begins again without the database, in a process that ends with the recovery and says what came back.</summary>
/// <remarks>It is the server for as long as it runs, with its lock, so it never works beside another. Cut short, it goes on where it was when it is called again or a server is started.</remarks>
public static class RecoverCommand
{
    public const string Name = "recover";

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <param name="args">What follows the command: <c>--why "…"</c>, if wanted <c>--who "…"</c>, and the server's settings.</param>
    /// <returns>0: every tenant that the stores hold is in service. 1: some are not, there was none, or it could not begin; what stands in the way is printed.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new List<string>(args);
        var (why, who) = (Take(settings, "--why"), Take(settings, "--who") ?? Environment.UserName);
        if (string.IsNullOrWhiteSpace(why))
        {
            await Console.Error.WriteLineAsync("OrleansBackup cannot recover: say why, it is kept: recover --why \"The disk of the database is gone.\"");
            return 1;
        }
        // The report stands alone on standard output. Nobody is to call the API of this process, and its port may be the one of something else.
        string[] ours = ["--Logging:Console:LogToStandardErrorThreshold", "Trace", "--Logging:LogLevel:Default", "Warning", "--Logging:LogLevel:OrleansBackup", "Warning"];
        return await SiloHost.RunAsync([.. ours, .. settings, "--Api:Url", "http://127.0.0.1:0"], app => RecoverAsync(app, who, why));
    }

    private static async Task<int> RecoverAsync(WebApplication app, string who, string why)
    {
        var (grains, time) = (app.Services.GetRequiredService<IGrainFactory>(), app.Services.GetRequiredService<TimeProvider>());
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            var provider = grains.Provider();
            var job = await provider.StartRecovery(who, why, stopping);
            for (; job.IsOpen; job = await provider.GetRecovery(stopping))
                await Task.Delay(LookAgain, time, stopping);
            return await ReportAsync(grains, job, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("OrleansBackup was stopped before the recovery had ended; call it again to go on where it was.");
            return 1;
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<int> ReportAsync(IGrainFactory grains, ProviderJobStatus job, CancellationToken cancellation)
    {
        foreach (var tenant in job.Done)
        {
            var overview = await grains.Tenant(tenant).GetOverview(cancellation);
            await Console.Out.WriteLineAsync($"{tenant}  {overview.Name}: {overview.ProtectedResources} protected resources, {overview.UnprotectedResources} others");
        }
        foreach (var problem in job.Problems)
            await Console.Out.WriteLineAsync($"Not read: {problem}");
        await Console.Out.WriteLineAsync(job.Tenants == 0 ? "No tenant was found in the stores: look whether the settings name the right ones." : job.Result);
        return job is { Tenants: > 0, Problems.IsEmpty: true } && job.Done.Length == job.Tenants ? 0 : 1;
    }

    /// <summary>Takes an option with its value out of the arguments; the rest are settings.</summary>
    private static string? Take(List<string> args, string option)
    {
        var at = args.FindIndex(arg => arg == option || arg.StartsWith($"{option}=", StringComparison.Ordinal));
        if (at < 0)
            return null;
        var arg = args[at];
        args.RemoveAt(at);
        if (arg.Length > option.Length)
            return arg[(option.Length + 1)..];
        if (at >= args.Count)
            return null;
        var value = args[at];
        args.RemoveAt(at);
        return value;
    }
}
