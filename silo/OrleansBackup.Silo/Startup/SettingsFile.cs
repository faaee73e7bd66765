using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using OrleansBackup.ClientApi;

namespace OrleansBackup.Silo.Startup;

/// <summary>Where settings come from: <c>appsettings.json</c> of the program, then the file that <c>Settings:File</c> names, then the environment, then the command line.</summary>
internal static class SettingsFile
{
    public const string Setting = "Settings:File";

    /// <exception cref="ConfigurationProblemException">The file cannot be read.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (builder.Configuration[Setting] is not { } file)
            return builder;
        if (!File.Exists(file))
            throw new ConfigurationProblemException($"{Setting} is '{file}', and there is no such file.");
        var path = Path.GetFullPath(file);
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        var place = sources.ToList().FindLastIndex(source => source is JsonConfigurationSource) + 1;
        try
        {
            sources.Insert(place, new JsonConfigurationSource { Path = Path.GetFileName(path), FileProvider = new PhysicalFileProvider(Path.GetDirectoryName(path)!) });
        }
        catch (InvalidDataException error)
        {
            throw new ConfigurationProblemException($"{Setting} is '{file}', which is not JSON: {error.InnerException?.Message ?? error.Message}");
        }
        return builder;
    }
}
