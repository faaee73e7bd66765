using System.Text.RegularExpressions;
using OrleansBackup.Docs.Tests.Hosting;

namespace OrleansBackup.Docs.Tests;

/// <summary>Whatever a page names is there: types, settings, addresses of the API, files.</summary>
[Collection(nameof(DocumentedServer))]
public sealed partial class NameTests(DocumentedServer server)
{
    private static readonly string[] Sources = [.. Pages.ProductSources().Select(File.ReadAllText)];

    public static TheoryData<string> AllPages { get; } = [.. Pages.All.Select(page => Path.GetRelativePath(Pages.Root, page))];

    [Fact]
    public void Every_type_on_the_architecture_page_exists()
    {
        var declared = Sources.SelectMany(source => Declaration().Matches(source).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        var projects = Directory.EnumerateFiles(Pages.Root, "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        var named = Pages.Names(Pages.Read("architecture.md")).Where(name => TypeName().IsMatch(name)).ToList();
        Assert.True(named.Count > 30, $"Only {named.Count} types are named: the pattern does not find them.");
        Assert.DoesNotContain(named, name => !declared.Contains(name) && !projects.Contains(name));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Every_setting_exists(string page)
    {
        var named = Pages.Names(File.ReadAllText(Path.Combine(Pages.Root, page))).Where(name => Setting().IsMatch(name)).Select(name => name.Split(':'));
        Assert.Empty(named.Where(parts => !parts.Where(part => SettingPart().IsMatch(part)).All(part => Sources.Any(source => Regex.IsMatch(source, $@"\b{part}\b")))).Select(parts => string.Join(':', parts)));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Every_address_of_the_server_exists(string page)
    {
        var known = server.Routes.Select(route => (route.Method, Path: Placeholder().Replace(route.Pattern, "{}"))).ToHashSet();
        var named = Address().Matches(File.ReadAllText(Path.Combine(Pages.Root, page))).Select(match => (Method: match.Groups[1].Value, Path: Placeholder().Replace(match.Groups[2].Value, "{}"))).ToList();
        Assert.DoesNotContain(named, one => !known.Any(route => (route.Path == one.Path || (one.Method.Length == 0 && route.Path.StartsWith(one.Path + "/", StringComparison.Ordinal))) && (one.Method.Length == 0 || one.Method == route.Method)));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Every_link_leads_somewhere(string page)
    {
        var (path, text) = (Path.Combine(Pages.Root, page), File.ReadAllText(Path.Combine(Pages.Root, page)));
        Assert.All(Link().Matches(text).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal)), link =>
        {
            var parts = link.Split('#');
            var target = parts[0].Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, parts[0]);
            Assert.True(Path.Exists(target), $"{link} does not exist");
            if (parts.Length > 1)
                Assert.Contains(parts[1], Heading().Matches(File.ReadAllText(target)).Select(match => Anchor(match.Groups[1].Value)));
        });
    }

    [Fact]
    public void The_operators_guide_has_a_word_on_every_alert() => Assert.All(
        Alert().Matches(File.ReadAllText(Path.Combine(Pages.Root, "deploy", "telemetry", "alerts.yml"))).Select(match => match.Groups[1].Value),
        alert => Assert.Contains($"`{alert}`", Pages.Read("operators-guide.md"), StringComparison.Ordinal));

    [Fact]
    public void Every_page_is_in_the_list_of_pages() =>
        Assert.All(Directory.GetFiles(Pages.Folder, "*.md").Select(Path.GetFileName).Where(page => page != "README.md"), page => Assert.Contains($"({page})", Pages.Read("README.md"), StringComparison.Ordinal));

    private static string Anchor(string heading) => string.Concat(heading.Trim().ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-')).Replace(' ', '-');

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+(?:struct\s+|class\s+)?([A-Z]\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^[A-Z][a-z0-9]+([A-Z][a-z0-9]*)+$|^I[A-Z]\w+$|^OrleansBackup\.\w+$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^[A-Z]\w+(:[A-Za-z<{*][\w<>{}*]*)+$")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^[A-Z]\w+$")]
    private static partial Regex SettingPart();

    /// <summary>A whole address, with the method if one stands before it.</summary>
    [GeneratedRegex(@"(?:`(GET|POST|PUT|DELETE) |`)(/(?:api|health|operations|openapi|metrics|sign-in)[\w/{}.-]*)`")]
    private static partial Regex Address();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
