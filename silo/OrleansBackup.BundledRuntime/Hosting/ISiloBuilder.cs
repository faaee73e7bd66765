using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>What a host sets up of its silo.</summary>
public interface ISiloBuilder
{
    IServiceCollection Services { get; }
    IConfiguration Configuration { get; }
}

internal sealed class SiloBuilder(IServiceCollection services, IConfiguration configuration) : ISiloBuilder
{
    public IServiceCollection Services => services;
    public IConfiguration Configuration => configuration;
}
