using System.Text.RegularExpressions;

namespace OrleansBackup.Silo.Tests.Deploy;

/// <summary>What cannot be run here is at least rendered and checked against what is published about its form, and against the server that it starts.</summary>
public sealed partial class DeployFilesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy");
    private static readonly string Checker = Path.Combine(Repository.Root, "tests/OrleansBackup.Silo.Tests/Deploy/check-files.cjs");

    [KubectlFact]
    public async Task The_Kubernetes_objects_render_and_have_their_published_form()
    {
        var (status, rendered) = await Tools.Kubectl.RunAsync(Folder, "", "kustomize", "kubernetes");
        Assert.True(status == 0, rendered);
        Assert.Equal(
            ["ConfigMap", "Deployment", "Namespace", "NetworkPolicy", "PersistentVolumeClaim", "PodDisruptionBudget", "Service", "ServiceAccount"],
            Kind().Matches(rendered).Select(match => match.Groups[1].Value).Order());
        Assert.DoesNotMatch("name: orleansbackup-settings\n", rendered); // changed settings make a new name, and so a roll-out
        await CheckedAsync("kubernetes", rendered);
    }

    [SchemasFact]
    public async Task The_compose_file_has_its_published_form() => await CheckedAsync("compose", await File.ReadAllTextAsync(Path.Combine(Folder, "compose/compose.yaml")));

    [SchemasFact]
    public async Task The_container_file_has_its_published_form() => await CheckedAsync("container", await File.ReadAllTextAsync(Path.Combine(Folder, "container/Containerfile")));

    [SystemdFact]
    public async Task Systemd_understands_the_unit_and_finds_it_well_locked()
    {
        var folder = Directory.CreateTempSubdirectory("orleansbackup-unit-").FullName;
        var unit = Path.Combine(folder, "orleansbackup.service");
        // The program is not installed where the tests run.
        await File.WriteAllTextAsync(unit, (await File.ReadAllTextAsync(Path.Combine(Folder, "systemd/orleansbackup.service"))).Replace("/usr/bin/dotnet", "/bin/true", StringComparison.Ordinal));
        var (status, output) = await Tools.SystemdAnalyze.RunAsync(folder, "", "verify", "--man=no", unit);
        Assert.True(status == 0 && !output.Contains("orleansbackup", StringComparison.Ordinal), output);
        var (exposed, report) = await Tools.SystemdAnalyze.RunAsync(folder, "", "security", "--offline=true", "--threshold=25", unit);
        Assert.True(exposed == 0, report);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("kubernetes/deployment.yaml", "terminationGracePeriodSeconds: (\\d+)", 15 + 60)]
    [InlineData("compose/compose.yaml", "stop_grace_period: (\\d+)s", 20)]
    [InlineData("systemd/orleansbackup.service", "TimeoutStopSec=(\\d+)", 20)]
    public async Task Nothing_is_killed_that_is_still_draining(string file, string limit, int noticeAndDrain)
    {
        var seconds = int.Parse(Regex.Match(await File.ReadAllTextAsync(Path.Combine(Folder, file)), limit).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(seconds > noticeAndDrain + 20, $"{file} kills after {seconds} s");
    }

    private static async Task CheckedAsync(string form, string text)
    {
        var (status, problems) = await Tools.Schemas.RunAsync(Folder, text, Checker, form, Tools.SchemaFolder);
        Assert.True(status == 0, problems);
    }

    [GeneratedRegex("^kind: (\\w+)$", RegexOptions.Multiline)]
    private static partial Regex Kind();
}
