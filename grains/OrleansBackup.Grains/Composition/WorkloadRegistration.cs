using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Grains.Discovery;
using OrleansBackup.Grains.Drives;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Sites;
using OrleansBackup.Grains.Teams;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;

namespace OrleansBackup.Grains.Composition;

/// <summary>What each kind of resource brings: how it is found, what is backed up of it, how that is put back, and the settings of these.</summary>
internal static class WorkloadRegistration
{
    public static IServiceCollection AddMailboxes(this IServiceCollection services, IConfiguration configuration) => services
        .AddChecked<MailReadOptions>(configuration, MailReadOptions.Section)
        .AddChecked<MailWriteOptions>(configuration, MailWriteOptions.Section)
        .AddChecked<ItemReadOptions>(configuration, ItemReadOptions.Section)
        .AddChecked<ExportOptions>(configuration, ExportOptions.Section)
        .AddChecked<ExportRunOptions>(configuration, ExportRunOptions.Section)
        .AddSingleton<IResourceFinder, MailboxFinder>()
        .AddSingleton<ItemSources>()
        .AddSingleton<IResourceWorkload, MailboxWorkload>()
        .AddSingleton<IResourceRestore, MailboxRestore>();

    public static IServiceCollection AddOneDrives(this IServiceCollection services, IConfiguration configuration) => services
        .AddChecked<DriveReadOptions>(configuration, DriveReadOptions.Section)
        .AddChecked<DriveWriteOptions>(configuration, DriveWriteOptions.Section)
        .AddSingleton<IResourceFinder, OneDriveFinder>()
        .AddSingleton<IResourceWorkload, OneDriveWorkload>()
        .AddSingleton<IResourceRestore, OneDriveRestore>();

    public static IServiceCollection AddSites(this IServiceCollection services, IConfiguration configuration) => services
        .AddChecked<SiteReadOptions>(configuration, SiteReadOptions.Section)
        .AddSingleton<IResourceFinder, SiteFinder>()
        .AddSingleton<IResourceWorkload, SiteWorkload>()
        .AddSingleton<IResourceRestore, SiteRestore>();

    public static IServiceCollection AddTeams(this IServiceCollection services, IConfiguration configuration) => services
        .AddChecked<TeamReadOptions>(configuration, TeamReadOptions.Section)
        .AddSingleton<IResourceFinder, TeamFinder>()
        .AddSingleton<IResourceFinder, GroupMailboxFinder>()
        .AddSingleton<IResourceWorkload, TeamWorkload>()
        .AddSingleton<IResourceRestore, TeamRestore>();
}
