return await OrleansBackup.Silo.Hosting.SiloHost.RunAsync(args);
