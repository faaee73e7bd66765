using System.Xml.Linq;

namespace OrleansBackup.Architecture.Tests;

/// <summary>References between projects go down only. Which ones are allowed stands here; a new arrow is a decision and changes this table.</summary>
public sealed class ProjectArrowsTests
{
    /// <summary>Project, what it may reference, and whether it may use the actor runtime (attributes and grain types).</summary>
    private static readonly Dictionary<string, (string[] May, bool ActorRuntime)> Allowed = new(StringComparer.Ordinal)
    {
        ["OrleansBackup.Domain"] = ([], true),
        ["OrleansBackup.Vault"] = ([], false),
        ["OrleansBackup.CloudStores"] = (["OrleansBackup.Vault"], false),
        ["OrleansBackup.Microsoft365"] = ([], false),
        ["OrleansBackup.GrainInterfaces"] = (["OrleansBackup.Domain"], true),
        ["OrleansBackup.Grains"] = (["OrleansBackup.GrainInterfaces", "OrleansBackup.Vault", "OrleansBackup.Microsoft365"], true),
        ["OrleansBackup.ClientApi"] = (["OrleansBackup.GrainInterfaces"], true),
        ["OrleansBackup.Portal"] = (["OrleansBackup.ClientApi", "OrleansBackup.GrainInterfaces"], true),
        ["OrleansBackup.TimeTravel"] = (["OrleansBackup.ClientApi"], true),
        ["OrleansBackup.VaultReader"] = (["OrleansBackup.Vault", "OrleansBackup.CloudStores", "OrleansBackup.Domain"], false), // the Domain verifies evidence
        ["OrleansBackup.CommandLine"] = ([], false), // talks HTTP only, as any program of others
        ["OrleansBackup.BundledRuntime"] = ([], false),
        ["OrleansBackup.SqliteStorage"] = ([], true),
        ["OrleansBackup.PostgresSchema"] = ([], false),
        ["OrleansBackup.Silo"] = (["OrleansBackup.ClientApi", "OrleansBackup.Portal", "OrleansBackup.TimeTravel", "OrleansBackup.PostgresSchema", "OrleansBackup.Grains", "OrleansBackup.GrainInterfaces", "OrleansBackup.SqliteStorage",
            "OrleansBackup.CloudStores", "OrleansBackup.Domain", "OrleansBackup.Vault", "OrleansBackup.Microsoft365"], true),
    };

    public static TheoryData<string> Products { get; } = [.. Repository.ProductFolders.SelectMany(Repository.Projects).Select(Repository.Relative)];

    [Theory]
    [MemberData(nameof(Products))]
    public void A_product_project_references_only_what_lies_below_it(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Allowed.TryGetValue(name, out var rule), $"{name} is not in the table of allowed references: decide what it may use.");

        var forbidden = References(project).Except(rule.May, StringComparer.Ordinal);

        Assert.Empty(forbidden);
        Assert.True(rule.ActorRuntime || !UsesActorRuntime(project), $"{name} may not use the actor runtime.");
    }

    [Fact]
    public void The_table_names_no_project_that_is_gone() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Repository.ProductFolders.SelectMany(Repository.Projects).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "OrleansBackup.sln"));
        var projects = Repository.ProductFolders.Append("tests").SelectMany(Repository.Projects).Select(Path.GetFileName);

        Assert.All(projects, project => Assert.Contains($"\\{project}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Package_versions_stand_in_one_file_only()
    {
        var projects = Repository.ProductFolders.Append("tests").SelectMany(Repository.Projects);

        Assert.All(projects, project => Assert.DoesNotContain(
            XDocument.Load(project).Descendants("PackageReference"), package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null));
    }

    private static IEnumerable<string> References(string project) => XDocument.Load(Path.Combine(Repository.Root, project))
        .Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static bool UsesActorRuntime(string project) => XDocument.Load(Path.Combine(Repository.Root, project))
        .Descendants().Any(element => element.Name.LocalName is "UsesActorRuntime" or "HostsActorRuntime" && element.Value == "true");
}
