using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.OpenApi;

/// <summary>Public tools on the description that a live server publishes.</summary>
[Collection(nameof(LiveServer))]
public sealed class TypedClientTests(LiveServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-client-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NodeToolsFact]
    public async Task A_public_linter_finds_nothing_in_the_description()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "openapi.json"), await server.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var (status, output) = await NodeTools.RunAsync(_folder, Path.Combine(NodeTools.Modules, "@stoplight/spectral-cli/dist/index.js"),
            "lint", "openapi.json", "--ruleset", Path.Combine(NodeTools.Sources, "spectral.yaml"), "--fail-severity", "hint");
        Assert.True(status == 0, output);
    }

    [NodeToolsFact]
    public async Task A_client_that_a_public_generator_makes_compiles_strictly_and_works_with_the_live_server()
    {
        foreach (var file in Directory.GetFiles(NodeTools.Sources))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "node_modules"), NodeTools.Modules);
        await File.WriteAllTextAsync(Path.Combine(_folder, "openapi.json"), await server.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));

        await SucceedsAsync("node_modules/openapi-typescript/bin/cli.js", "openapi.json", "-o", "api.d.ts");
        await SucceedsAsync("node_modules/typescript/bin/tsc", "-p", ".");
        var said = await SucceedsAsync("out/client.js", server.Client.BaseAddress!.ToString().TrimEnd('/'), server.Key, server.Created.TenantId.ToString());
        Assert.Contains("\"mailbox\":\"mailbox-", said, StringComparison.Ordinal);
    }

    private async Task<string> SucceedsAsync(string script, params string[] arguments)
    {
        var (status, output) = await NodeTools.RunAsync(_folder, script, arguments);
        Assert.True(status == 0, output);
        return output;
    }
}
