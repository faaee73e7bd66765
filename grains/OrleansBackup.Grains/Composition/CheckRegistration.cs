using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Grains.Checks;
using OrleansBackup.Grains.Reports;

namespace OrleansBackup.Grains.Composition;

/// <summary>What checks and reports are made with.</summary>
internal static class CheckRegistration
{
    public static IServiceCollection AddChecksAndReports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<CheckOptions>(configuration, CheckOptions.Section);
        services.TryAddSingleton(WorkingCalendar.Netherlands);
        services.AddSingleton<CheckServices>();
        services.AddSingleton<ReportBuilder>();
        services.TryAddSingleton<IReportRenderer, ReportRenderer>();
        return services;
    }
}
