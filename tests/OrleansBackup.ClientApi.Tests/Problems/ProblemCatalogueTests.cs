using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.ClientApi.Tests.Problems;

public sealed class ProblemCatalogueTests : ApiHost
{
    /// <summary>Whatever the factories make, for every status and every refusal of the service.</summary>
    private static IEnumerable<ProblemDetails> Made =>
    [
        .. typeof(Problem).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(factory => factory.ReturnType == typeof(ProblemDetails) && factory.Name != "Of" && factory.Name != nameof(Problem.OfStatus))
            .Select(factory => (ProblemDetails)factory.Invoke(null, [.. factory.GetParameters().Select(parameter => Any(parameter.ParameterType))])!),
        .. Enumerable.Range(400, 200).Select(status => Problem.OfStatus(status, "GET", "/x")),
        .. typeof(ServiceException).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ServiceException)) && !type.IsAbstract)
            .Select(type => Problem.Of((ServiceException)Activator.CreateInstance(type, [.. type.GetConstructors()[0].GetParameters().Select(parameter => Any(parameter.ParameterType))])!)),
    ];

    [Fact]
    public void Every_problem_that_is_made_stands_in_the_catalogue_and_the_catalogue_holds_no_other() =>
        Assert.Equal(ProblemCatalogue.All.Select(type => type.Uri).Order(), Made.Select(problem => problem.Type!).Distinct().Order());

    [Fact]
    public void Problems_are_made_nowhere_else() => Assert.DoesNotContain(Sources(), file => Path.GetFileName(file) != "Problem.cs" && File.ReadAllText(file).Contains("new ProblemDetails", StringComparison.Ordinal));

    [Fact]
    public void Every_kind_says_what_it_is_why_and_what_to_do_in_both_languages() => Assert.All(ProblemCatalogue.All, type =>
        Assert.All([type.Title, type.Cause, type.Cure], text => Assert.True(text.Nl.Length > 5 && text.En.Length > 5 && text.Nl != text.En, $"{type.Slug}: {text}")));

    [Fact]
    public async Task The_last_part_of_every_type_is_an_address_that_explains_it_to_anybody()
    {
        foreach (var type in Made.Select(problem => problem.Type!).Distinct())
        {
            using var response = await Anonymous.GetAsync(new Uri($"/api/v1/problems/{type.Split('/')[^1]}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains($"\"{type}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(ProblemCatalogue.All.Length, (await GetAsync("/api/v1/problems")).At("problems").GetArrayLength());
        await RefusedAsync(HttpMethod.Get, "/api/v1/problems/none", null, HttpStatusCode.NotFound, "not-found");
    }

    private static object? Any(Type type) => type == typeof(int) ? 400 : "x";

    private static string[] Sources()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansBackup.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return Directory.GetFiles(Path.Combine(folder, "client-api"), "*.cs", SearchOption.AllDirectories);
    }
}
